package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeAuth;
import dev.reeve.engine.ike.IkeChild;
import dev.reeve.engine.ike.IkeChild.Ends;
import dev.reeve.engine.ike.IkeChild.Kind;
import dev.reeve.engine.ike.IkeChild.Role;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeMainMode;
import dev.reeve.engine.ike.IkeNames;
import dev.reeve.engine.ike.Proposals;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Selector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Gathers what is negotiated into few connections: one for each family, main mode and way to
/// authenticate, because a peer's first message does not say which rule it means. In it, rules with
/// the same terms share one child and one request id: a peer that has one wide rule for what are
/// two here gets along with both.
final class Connections {

  private final Means means;
  private final HostView view;
  private final Map<Asked, List<Selector>> rules = new LinkedHashMap<>();
  private final Map<Asked, Long> responses = new LinkedHashMap<>();
  private final Map<Asked, Long> reqids = new LinkedHashMap<>();
  private final Set<Long> used = new HashSet<>();

  Connections(Means means, HostView view) {
    this.means = means;
    this.view = view;
  }

  /// @param response whether of the default response
  /// @param ends of the tunnel that it goes through
  private record Asked(IpFamily family, Terms terms, boolean response, Optional<Ends> ends) {
    /// That of the packets that carry it.
    IpFamily outer() {
      return ends.map(e -> e.remote().family()).orElse(family);
    }
  }

  /// @return the request id of its associations: a digest of all that decides how they are secured,
  ///   so that one made under other terms is never taken for one of these
  long add(Terms terms, IpFamily family, List<Selector> traffic) {
    return add(new Asked(family, terms, false, Optional.empty()), traffic);
  }

  /// @param outward what leaves through the tunnel
  long addTunnel(Terms terms, IpFamily family, Ends ends, List<Selector> outward) {
    return add(new Asked(family, terms, false, Optional.of(ends)), outward);
  }

  private long add(Asked asked, List<Selector> traffic) {
    rules.computeIfAbsent(asked, _ -> new ArrayList<>()).addAll(traffic);
    return reqid(asked);
  }

  long addResponse(Terms terms, IpFamily family) {
    var asked = new Asked(family, terms, true, Optional.empty());
    long reqid = reqid(asked);
    responses.put(asked, reqid);
    return reqid;
  }

  private long reqid(Asked asked) {
    return reqids.computeIfAbsent(
        asked,
        _ -> {
          Terms terms = asked.terms();
          var content =
              new ArrayList<Object>(
                  List.of(
                      asked.family(),
                      asked.response(),
                      terms.mainMode().lifetime(),
                      terms.mainMode().proposals(),
                      terms.offers(),
                      terms.auths().stream().map(Connections::text).toList()));
          asked.ends().ifPresent(content::add);
          long id = XfrmState.FIRST_REQID + IkeNames.number(content.toArray());
          while (!used.add(id)) id = id == XfrmState.LAST_REQID ? XfrmState.FIRST_REQID : id + 1;
          return id;
        });
  }

  /// Without the host's own certificate: a renewed one changes nothing for its peers.
  private static String text(IkeAuth auth) {
    return switch (auth) {
      case IkeAuth.Certificate(var identity, var _, var revocation) ->
          "certificate " + digest(identity.issuer()) + " " + revocation;
      case IkeAuth.SharedKey(var id, var _, var _) -> id;
    };
  }

  private static String digest(X509Certificate certificate) {
    return IkeNames.of(certificate.getSubjectX500Principal(), certificate.getPublicKey());
  }

  /// What the name of a connection is made from.
  private record Key(IpFamily family, Optional<Ends> ends, IkeMainMode mainMode, IkeAuth auth) {
    /// Whether what the other one is for must be answered by this one too. A peer that is the end
    /// of a tunnel is answered by a connection of such a tunnel, whatever it asks for, and any
    /// other peer by one for any; of several by the first one that it has a main-mode proposal in
    /// common with.
    boolean answersFor(Key other) {
      return !equals(other)
          && (other.ends().isEmpty() || other.ends().equals(ends))
          && !Collections.disjoint(mainMode.proposals(), other.mainMode().proposals());
    }
  }

  /// Peers that authenticate in one way.
  private record Peers(IpFamily family, String auth) {
    static Peers of(Key key) {
      return new Peers(key.family(), text(key.auth()));
    }
  }

  List<IkeConnection> all() {
    var children = new LinkedHashMap<Key, List<IkeChild>>();
    rules.forEach((asked, selectors) -> {
      Traffic traffic =
          asked.ends().isPresent()
              ? Traffic.within(selectors, asked.family(), means, view)
              : Traffic.of(selectors, asked.family(), means, view);
      for (int i = 0; i < asked.terms().auths().size(); i++) {
        children
            .computeIfAbsent(key(asked, i), _ -> new ArrayList<>())
            .addAll(children(asked, i == 0 ? Role.START : Role.ANSWER, traffic));
      }
    });
    responses
        .keySet()
        .forEach(asked -> {
          var traffic = new Traffic(List.of("dynamic"), List.of(Traffic.all(asked.family())));
          for (int i = 0; i < asked.terms().auths().size(); i++) {
            children
                .computeIfAbsent(key(asked, i), _ -> new ArrayList<>())
                .addAll(children(asked, Role.RESPOND, traffic));
          }
        });
    Map<Peers, List<Key>> alike =
        children.keySet().stream().collect(Collectors.groupingBy(Peers::of));
    return children.entrySet().stream()
        .map(entry -> {
          Key key = entry.getKey();
          var own = new LinkedHashSet<>(entry.getValue());
          for (Key other : alike.getOrDefault(Peers.of(key), List.of()))
            if (key.answersFor(other))
              children.getOrDefault(other, List.of()).stream()
                  .map(IkeChild::answering)
                  .forEach(own::add);
          // Of equally good children the first one answers.
          return connection(
              key,
              own.stream()
                  .sorted(Comparator.comparing(child -> child.role() == Role.RESPOND))
                  .toList());
        })
        .toList();
  }

  private static Key key(Asked asked, int auth) {
    Terms terms = asked.terms();
    return new Key(asked.outer(), asked.ends(), terms.mainMode(), terms.auths().get(auth));
  }

  private List<IkeChild> children(Asked asked, Role role, Traffic traffic) {
    long reqid = reqid(asked);
    return switch (asked.terms().layers()) {
      case ESP -> List.of(child(asked, Kind.ESP, reqid, role, traffic));
      case AH -> List.of(child(asked, Kind.AH, reqid, role, traffic));
      case ESP_IN_AH ->
          List.of(
              child(asked, Kind.ESP, reqid, role, traffic),
              child(asked, Kind.AH_AROUND_ESP, XfrmState.around(reqid), role, traffic));
    };
  }

  private IkeChild child(Asked asked, Kind kind, long reqid, Role role, Traffic traffic) {
    Terms terms = asked.terms();
    return new IkeChild(
        reqid,
        role,
        kind,
        Proposals.of(terms.offers(), kind, terms.mainMode().groups()),
        traffic.local(),
        traffic.remote(),
        asked.ends(),
        terms.shortest().lifetime(),
        terms.kilobytes());
  }

  private static IkeConnection connection(Key key, List<IkeChild> children) {
    String own =
        key.auth() instanceof IkeAuth.Certificate(var identity, var byName, var _)
            ? digest(identity.certificate()) + identity.certificate().getSerialNumber() + byName
            : "";
    var content =
        new ArrayList<Object>(
            List.of(
                key.family(),
                key.mainMode().lifetime(),
                text(key.auth()),
                own,
                key.mainMode().proposals()));
    key.ends().ifPresent(content::add);
    return new IkeConnection(
        IkeConnection.PREFIX + IkeNames.of(content.toArray()),
        key.family(),
        key.ends(),
        key.auth(),
        key.mainMode().proposals(),
        key.mainMode().lifetime(),
        children);
  }
}
