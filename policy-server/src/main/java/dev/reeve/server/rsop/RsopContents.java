package dev.reeve.server.rsop;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.HostSecrets;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.ResolvedSettings;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopJson;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.publish.HostContent;
import dev.reeve.server.publish.HostContent.Content;
import dev.reeve.server.publish.HostContents;
import dev.reeve.server.revocation.RevocationLists;
import dev.reeve.server.withdrawal.Fleet;
import dev.reeve.server.withdrawal.Parts;
import dev.reeve.server.withdrawal.WithdrawalBrake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// RSoP, as the bytes that hosts get. One encoding per class of hosts and snapshot.
public final class RsopContents implements HostContents, Fleet {

  private static final Logger LOG = LoggerFactory.getLogger("publish");

  private final CurrentSnapshot directory;
  private final HostRegister register;
  private final WithdrawalBrake brake;
  private final SecretsOfHosts secrets;
  private final RevocationLists revocations;
  private Encodings encodings = new Encodings(0);

  public RsopContents(
      CurrentSnapshot directory,
      HostRegister register,
      WithdrawalBrake brake,
      SecretsOfHosts secrets,
      RevocationLists revocations) {
    this.directory = directory;
    this.register = register;
    this.brake = brake;
    this.secrets = secrets;
    this.revocations = revocations;
  }

  /// What was encoded for one snapshot, by the identity of a class's result and what is held of it.
  private static final class Encodings {
    final long generation;
    final Map<Rsop, Map<Parts, Encoded>> byClass = new IdentityHashMap<>();

    Encodings(long generation) {
      this.generation = generation;
    }
  }

  /// @param secrets what its policies hold, sealed to the vault, by id
  private record Encoded(
      Content policy,
      Content persistent,
      Content settings,
      byte[] provenance,
      Map<Digest, SealedSecret> secrets,
      boolean checksCrl,
      Optional<byte[]> peers) {

    static Encoded of(Rsop rsop, Optional<PeerList> peers) {
      return new Encoded(
          policy(rsop.assignment()),
          policy(rsop.persistent()),
          settings(rsop.settings()),
          JsonText.writeBytes(RsopJson.writeShared(rsop)),
          secrets(rsop),
          checksCrl(rsop.settings()),
          peers.map(PeerList::toBytes));
    }

    /// A host that keeps the settings it has may have some that say so.
    private static boolean checksCrl(ResolvedSettings settings) {
      return !settings.complete() || settings.toSettings().strongCrlCheck() > 0;
    }

    private static Map<Digest, SealedSecret> secrets(Rsop rsop) {
      var secrets = new HashMap<Digest, SealedSecret>();
      for (PolicyResult result : List.of(rsop.assignment(), rsop.persistent())) {
        if (result instanceof PolicyResult.Assigned(_, _, var policy))
          secrets.putAll(HostSecrets.of(policy));
      }
      return secrets;
    }

    private static Content policy(PolicyResult result) {
      return switch (result) {
        case PolicyResult.Assigned(_, _, var policy) ->
            new Content.Bytes(JsonText.writeBytes(IpsecJson.write(policy)));
        case PolicyResult.Unassigned _ -> Content.None.NONE;
        case PolicyResult.Unknown _ -> Content.Unknown.UNKNOWN;
      };
    }

    private static Content settings(ResolvedSettings settings) {
      if (!settings.complete()) return Content.Unknown.UNKNOWN;
      return settings.values().isEmpty()
          ? Content.None.NONE
          : new Content.Bytes(JsonText.writeBytes(settings.toSettings().toJson()));
    }
  }

  /// All numbers only rise, so their sum changes when one does.
  @Override
  public long generation(HostId host) {
    return directory.view().map(CurrentSnapshot.View::generation).orElse(0L)
        + register.find(host).map(HostRegister.Known::version).orElse(0L)
        + brake.generation()
        + revocations.generation()
        + register.enrolments();
  }

  @Override
  public Optional<HostContent> find(HostId host) {
    return directory
        .view()
        .flatMap(view -> register.find(host).map(known -> content(view, host, known)));
  }

  @Override
  public Optional<Picture> picture() {
    return directory.view().map(this::picture);
  }

  private Picture picture(CurrentSnapshot.View view) {
    return new Picture(
        view.generation(),
        () -> {
          Function<HostId, Optional<HostRegister.Selecting>> fleet = register.fleet();
          return host ->
              fleet
                  .apply(host)
                  .flatMap(selecting ->
                      view.snapshot()
                          .findComputerByGuid(selecting.computerGuid())
                          .map(c -> none(view.rsop().resolveClass(query(c, selecting.facts())))))
                  .orElse(Parts.NONE);
        });
  }

  private static Parts none(Rsop rsop) {
    return new Parts(
        rsop.assignment() instanceof PolicyResult.Unassigned,
        rsop.persistent() instanceof PolicyResult.Unassigned);
  }

  private HostContent content(CurrentSnapshot.View view, HostId host, HostRegister.Known known) {
    Optional<Computer> computer = view.snapshot().findComputerByGuid(known.computerGuid());
    Encoded encoded =
        computer
            .map(c -> encoded(view, host, view.rsop().resolveClass(query(c, known.facts()))))
            .orElseGet(() -> gone(known));
    String name = computer.map(c -> c.dn().toString()).orElse(known.computerDn());
    return new HostContent(
        name,
        encoded.policy,
        encoded.persistent,
        encoded.settings,
        encoded.provenance,
        secrets.find(host, known.encryptionKey(), encoded.secrets),
        encoded.checksCrl ? Optional.of(revocations.current()) : Optional.empty(),
        encoded.peers);
  }

  private static RsopQuery query(Computer computer, Map<String, String> facts) {
    List<IpAddress> addresses =
        Optional.ofNullable(facts.get("address"))
            .flatMap(IpAddress::find)
            .map(List::of)
            .orElse(List.of());
    return new RsopQuery(
        computer.dn(), Optional.empty(), Optional.empty(), addresses, Set.of(), facts);
  }

  private Encoded encoded(CurrentSnapshot.View view, HostId host, Rsop rsop) {
    return encoded(view, rsop, brake.held(picture(view), host, none(rsop)));
  }

  private synchronized Encoded encoded(CurrentSnapshot.View view, Rsop rsop, Parts held) {
    long generation = view.generation() + register.enrolments();
    if (encodings.generation != generation) encodings = new Encodings(generation);
    return encodings
        .byClass
        .computeIfAbsent(rsop, _ -> new HashMap<>())
        .computeIfAbsent(held, parts -> encode(view, hold(rsop, parts)));
  }

  private Encoded encode(CurrentSnapshot.View view, Rsop rsop) {
    if (!rsop.settings().complete()) return Encoded.of(rsop, Optional.empty());
    HostSettings settings = rsop.settings().toSettings();
    List<String> allow = settings.networkAllow();
    List<String> deny = settings.networkDeny();
    if (allow.isEmpty() && deny.isEmpty()) return Encoded.of(rsop, Optional.empty());
    return switch (new PeerLists(view.snapshot(), register.enrolled()).resolve(allow, deny)) {
      case PeerLists.Resolved.Good(var list) -> Encoded.of(rsop, Optional.of(list));
      case PeerLists.Resolved.Unknown(var name) ->
          Encoded.of(whomever(rsop, name), Optional.empty());
    };
  }

  /// Who may associate with it cannot be said, so it keeps the settings it has.
  private static Rsop whomever(Rsop rsop, String name) {
    var problems = new ArrayList<>(rsop.problems());
    problems.add(
        new Problem(
            name,
            "",
            Problem.Code.GROUP_UNREADABLE,
            "networkAllow or networkDeny names it, and it is no computer, group, OU or domain that"
                + " can be read; the host keeps the settings it has"));
    return new Rsop(
        rsop.computer(),
        rsop.site(),
        rsop.siteFrom(),
        rsop.containers(),
        rsop.links(),
        rsop.assignment(),
        rsop.persistent(),
        new ResolvedSettings(rsop.settings().values(), false),
        problems);
  }

  /// What is withdrawn becomes unknown, so the host keeps it; its settings stay as they are too.
  private static Rsop hold(Rsop rsop, Parts held) {
    if (held.isNone()) return rsop;
    var problem =
        new Problem(
            rsop.containers().isEmpty() ? "" : rsop.containers().getFirst().toString(),
            "",
            Problem.Code.WITHDRAWAL_HELD,
            "many hosts would lose their policy; this one keeps it until an administrator confirms"
                + " the withdrawal (reeve withdrawal show) or the directory is mended");
    var unknown = new PolicyResult.Unknown(problem.toString());
    var problems = new ArrayList<>(rsop.problems());
    problems.add(problem);
    return new Rsop(
        rsop.computer(),
        rsop.site(),
        rsop.siteFrom(),
        rsop.containers(),
        rsop.links(),
        held.policy() ? unknown : rsop.assignment(),
        held.persistent() ? unknown : rsop.persistent(),
        new ResolvedSettings(rsop.settings().values(), false),
        problems);
  }

  /// Its entry is gone: that withdraws nothing, and somebody should know.
  private static Encoded gone(HostRegister.Known known) {
    var problem =
        new Problem(
            known.computerDn(),
            "",
            Problem.Code.COMPUTER_MISSING,
            "the entry this host enrolled as ("
                + known.computerGuid()
                + ") is gone; the host keeps its policy until it joins again");
    LOG.error("{}", problem);
    return Encoded.of(Rsop.unknown(Dn.parse(known.computerDn()), problem), Optional.empty());
  }
}
