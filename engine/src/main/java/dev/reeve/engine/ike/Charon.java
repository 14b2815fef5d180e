package dev.reeve.engine.ike;

import dev.reeve.engine.ike.IkeState.ChildAssociation;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciElement.Section;
import dev.reeve.engine.vici.ViciException;
import dev.reeve.engine.vici.ViciMessage;
import dev.reeve.model.net.IpAddress;
import java.io.Closeable;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/// A charon that is told what to hold and asked what it holds.
public final class Charon implements Closeable {

  private final ViciClient client;

  private Charon(ViciClient client) {
    this.client = client;
  }

  public static Charon connect(Path socket) throws IkeException {
    try {
      return new Charon(ViciClient.connect(socket));
    } catch (ViciException e) {
      throw failed(e);
    }
  }

  private static IkeException failed(ViciException e) {
    return new IkeException(String.valueOf(e.getMessage()), e);
  }

  public IkeState read() throws IkeException {
    try {
      var connections = new HashMap<String, List<String>>();
      for (ViciMessage listed : client.stream("list-conns", "list-conn", ViciMessage.EMPTY)) {
        for (Section connection : listed.sections()) {
          if (!connection.name().startsWith(IkeConnection.PREFIX)) continue;
          connections.put(
              connection.name(),
              connection.content().section("children").sections().stream()
                  .map(Section::name)
                  .toList());
        }
      }
      Set<String> secrets =
          client.ask("get-shared", ViciMessage.EMPTY).list("keys").stream()
              .filter(id -> id.startsWith(IkeAuth.SharedKey.PREFIX))
              .collect(Collectors.toSet());
      return new IkeState(connections, secrets, listed(), crls());
    } catch (ViciException e) {
      throw failed(e);
    }
  }

  private Set<IkeCrl> crls() throws ViciException {
    var which = ViciMessage.of(m -> m.put("type", "X509_CRL"));
    return client.stream("list-certs", "list-cert", which).stream()
        .flatMap(listed -> listed.findBytes("data").stream())
        .map(IkeCrl::new)
        .collect(Collectors.toSet());
  }

  public List<IkeAssociation> associations() throws IkeException {
    try {
      return listed();
    } catch (ViciException e) {
      throw failed(e);
    }
  }

  private List<IkeAssociation> listed() throws ViciException {
    var found = new ArrayList<IkeAssociation>();
    for (ViciMessage listed : client.stream("list-sas", "list-sa", ViciMessage.EMPTY)) {
      for (Section section : listed.sections()) {
        ViciMessage sa = section.content();
        found.add(
            new IkeAssociation(
                sa.findNumber("uniqueid").orElse(0L),
                section.name(),
                sa.text("state"),
                sa.text("initiator").equals("yes"),
                sa.text("local-host"),
                sa.text("remote-host"),
                sa.findNumber("remote-port").orElse(0L).intValue(),
                sa.text("nat-remote").equals("yes"),
                sa.text("remote-id"),
                sa.section("child-sas").sections().stream()
                    .map(child -> child(child.content()))
                    .toList()));
      }
    }
    return found;
  }

  /// @param authentication of a connection, in words
  /// @param rules of a request id
  public Activity activity(
      Function<String, String> authentication, LongFunction<List<String>> rules)
      throws IkeException {
    try {
      return Activity.of(
          client.stream("list-sas", "list-sa", ViciMessage.EMPTY),
          client.ask("stats", ViciMessage.EMPTY),
          counters(),
          authentication,
          rules);
    } catch (ViciException e) {
      throw failed(e);
    }
  }

  private ViciMessage counters() throws ViciException {
    try {
      return client.ask("get-counters", ViciMessage.EMPTY);
    } catch (ViciException e) {
      if (e.reason() == ViciException.Reason.UNKNOWN) return ViciMessage.EMPTY; // no such plug-in
      throw e;
    }
  }

  private static ChildAssociation child(ViciMessage sa) {
    var spis = new HashSet<Long>();
    for (String key : List.of("spi-in", "spi-out")) {
      String hex = sa.text(key);
      if (hex.matches("[0-9a-fA-F]{1,8}")) spis.add(Long.parseLong(hex, 16));
    }
    return new ChildAssociation(
        sa.findNumber("uniqueid").orElse(0L),
        sa.text("name"),
        sa.findNumber("reqid"),
        sa.text("state"),
        sa.text("protocol"),
        sa.text("mode"),
        sa.text("encap").equals("yes"),
        spis,
        sa.list("local-ts"),
        sa.list("remote-ts"),
        sa.findNumber("bytes-in").orElse(0L),
        sa.findNumber("bytes-out").orElse(0L));
  }

  /// With what it authenticates by. A connection of that name is replaced; its associations stay.
  public void load(IkeConnection connection) throws IkeException {
    try {
      switch (connection.auth()) {
        case IkeAuth.Certificate(var identity, var _, var _) -> load(identity);
        case IkeAuth.SharedKey(var id, var key, var owners) ->
            client.change(
                "load-shared",
                ViciMessage.of(m -> {
                  m.put("id", id).put("type", "IKE").put("data", key.toArray());
                  if (!owners.isEmpty())
                    m.list("owners", owners.stream().map(IpAddress::toString).sorted().toList());
                }));
      }
      client.change("load-conn", connection.toVici());
    } catch (ViciException e) {
      throw failed(e);
    }
  }

  private void load(IkeIdentity identity) throws ViciException {
    client.change(
        "load-key",
        ViciMessage.of(m -> m.put("type", "any").put("data", identity.key().toArray())));
    var authorities = new ArrayList<X509Certificate>();
    authorities.add(identity.issuer());
    authorities.addAll(identity.anchors());
    for (X509Certificate authority : authorities) {
      client.change(
          "load-cert",
          ViciMessage.of(m ->
              m.put("type", "X509").put("flag", "CA").put("data", IkeConnection.der(authority))));
    }
    for (X509Certificate between : identity.chain()) {
      client.change(
          "load-cert",
          ViciMessage.of(m ->
              m.put("type", "X509").put("flag", "NONE").put("data", IkeConnection.der(between))));
    }
  }

  /// Replaces an older one of the same issuer. What was concluded from that is forgotten.
  public void load(IkeCrl crl) throws IkeException {
    change("flush-certs", ViciMessage.of(m -> m.put("type", "X509_CRL")));
    change(
        "load-cert",
        ViciMessage.of(m -> m.put("type", "X509_CRL").put("flag", "NONE").put("data", crl.der())));
  }

  /// Everything that it was given to prove or check identities with; connections stay.
  public void forgetCredentials() throws IkeException {
    change("clear-creds", ViciMessage.EMPTY);
    change("flush-certs", ViciMessage.EMPTY);
  }

  /// Its associations live on until they are ended.
  public void unload(String connection) throws IkeException {
    change("unload-conn", ViciMessage.of(m -> m.put("name", connection)));
  }

  public void forgetSecret(String id) throws IkeException {
    change("unload-shared", ViciMessage.of(m -> m.put("id", id)));
  }

  /// Asks the peer of a connection that names one for one of its children, without waiting for the
  /// answer.
  public void begin(String connection, String child) throws IkeException {
    change(
        "initiate",
        ViciMessage.of(m -> m.put("ike", connection).put("child", child).put("timeout", -1)));
  }

  /// Ends one quick-mode association, without waiting for the peer. One that has ended is no
  /// failure.
  public void endChild(long id) throws IkeException {
    end(ViciMessage.of(m -> m.put("child-id", id).put("force", true).put("timeout", -1)));
  }

  /// Ends a main-mode association and all that belongs to it, likewise.
  public void endIke(long id) throws IkeException {
    end(ViciMessage.of(m -> m.put("ike-id", id).put("force", true).put("timeout", -1)));
  }

  private void end(ViciMessage which) throws IkeException {
    try {
      client.change("terminate", which);
    } catch (ViciException e) {
      if (e.reason() != ViciException.Reason.REFUSED) throw failed(e);
    }
  }

  private void change(String command, ViciMessage message) throws IkeException {
    try {
      client.change(command, message);
    } catch (ViciException e) {
      throw failed(e);
    }
  }

  /// Why it should not be used; empty when it can be.
  public Optional<String> whyUnfit() throws IkeException {
    try {
      return Plugins.whyUnfit(Set.copyOf(client.ask("stats", ViciMessage.EMPTY).list("plugins")));
    } catch (ViciException e) {
      throw failed(e);
    }
  }

  /// Seconds since it started; changes when it was started anew.
  public Optional<String> since() throws IkeException {
    try {
      return client.ask("stats", ViciMessage.EMPTY).section("uptime").find("since");
    } catch (ViciException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
