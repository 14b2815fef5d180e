package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeAuth;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.nft.Gate.RuleKey;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/// Which peers a host speaks with no more although their certificates are in order otherwise.
///
/// @param crls for charon, which refuses whoever they name
/// @param revoked hosts whose associations end; charon does not look at them again by itself
/// @param strict whether a peer of Reeve's own CA whose host cannot be told is one of them
/// @param peers who may associate by account; empty when everybody may
/// @param ours the issuer of hosts of Reeve's own CA: others may write any name into a certificate
public record PeerChecks(
    List<IkeCrl> crls,
    Set<HostId> revoked,
    boolean strict,
    Optional<PeerList> peers,
    Optional<X509Certificate> ours) {

  public static final PeerChecks NONE =
      new PeerChecks(List.of(), Set.of(), false, Optional.empty(), Optional.empty());

  /// How Reeve's certificates name a host: in their subject, and as a URI.
  private static final Pattern HOST =
      Pattern.compile("O=Reeve, OU=Hosts, CN=host ([0-9a-f]{32})|urn:reeve:host:([0-9a-f]{32})");

  public PeerChecks {
    crls = List.copyOf(crls);
    revoked = Set.copyOf(revoked);
  }

  public static PeerChecks of(HostPolicy policy, Means means) {
    Optional<PeerList> peers = peers(policy.settings(), means);
    Optional<Revocations> revocations = means.revocations();
    Optional<X509Certificate> ours = means.machine().map(IkeIdentity::issuer);
    if (policy.settings().strongCrlCheck() == 0 || revocations.isEmpty())
      return new PeerChecks(List.of(), Set.of(), peers.isPresent(), peers, ours);
    return new PeerChecks(
        Crls.of(policy.settings(), revocations).usable(),
        revocations.get().hosts(),
        true,
        peers,
        ours);
  }

  /// Where the settings name peers and nobody said which hosts they are, none is.
  private static Optional<PeerList> peers(HostSettings settings, Means means) {
    boolean all = settings.networkAllow().isEmpty() && settings.networkDeny().isEmpty();
    if (all) return Optional.empty();
    return means.peers().or(() -> Optional.of(new PeerList(Optional.of(Set.of()), Set.of())));
  }

  /// Which of the negotiated rules go by the peer's account.
  public Set<RuleKey> mapped(HostPolicy policy, Negotiations negotiations) {
    if (peers.isEmpty()) return Set.of();
    List<RuleRef> refs = RuleRef.of(policy);
    return negotiations.protections().keySet().stream()
        .filter(key ->
            RuleRef.find(refs, key.store(), key.ruleId())
                .filter(r -> byAccount(r.rule()))
                .isPresent())
        .collect(Collectors.toSet());
  }

  /// Kerberos is an account; a certificate is one where the rule says so.
  private static boolean byAccount(IpsecRule rule) {
    return rule.authentication().stream()
        .anyMatch(method ->
            method instanceof AuthMethod.Kerberos
                || method instanceof AuthMethod.Certificate(var _, var mapped, var _) && mapped);
  }

  /// Addresses from which nobody associates but hosts that may, sorted.
  public List<IpAddress> verified(
      List<IkeAssociation> associations, List<IkeConnection> connections) {
    if (peers.isEmpty()) return List.of();
    var good = new TreeSet<IpAddress>();
    var bad = new TreeSet<IpAddress>();
    for (IkeAssociation association : associations) {
      if (!association.state().equals("ESTABLISHED")) continue;
      Optional<IpAddress> address = IpAddress.find(association.remoteHost());
      boolean may =
          byOurs(association, connections)
              && hostOf(association).filter(peers.get()::allows).isPresent();
      address.ifPresent((may ? good : bad)::add);
    }
    good.removeAll(bad);
    return List.copyOf(good);
  }

  private boolean byOurs(IkeAssociation association, List<IkeConnection> connections) {
    return identity(association, connections).filter(this::isOurs).isPresent();
  }

  private boolean isOurs(IkeIdentity identity) {
    return ours.filter(identity.issuer()::equals).isPresent();
  }

  private static Optional<IkeIdentity> identity(
      IkeAssociation association, List<IkeConnection> connections) {
    return connections.stream()
        .filter(connection -> connection.name().equals(association.connection()))
        .flatMap(connection ->
            connection.auth() instanceof IkeAuth.Certificate(var identity, var _, var _)
                ? Stream.of(identity)
                : Stream.empty())
        .findFirst();
  }

  /// Whether the peer of that association proved itself by another CA's certificate, and that CA,
  /// or one above it, has revoked more since. Which certificate the peer has is not known any more,
  /// so everybody who came in by that CA must prove himself anew.
  ///
  /// @param held what charon checks against until now
  public boolean mustProveAnew(
      IkeAssociation association, List<IkeConnection> connections, Set<IkeCrl> held) {
    if (!association.state().equals("ESTABLISHED")) return false;
    Optional<IkeIdentity> by =
        identity(association, connections).filter(identity -> !isOurs(identity));
    if (by.isEmpty()) return false;
    Set<X500Principal> above = Crls.authorities(by.get());
    return crls.stream()
        .filter(crl -> crl.authority().filter(above::contains).isPresent())
        .anyMatch(crl ->
            crl.revokesMoreThan(
                held.stream().filter(h -> h.authority().equals(crl.authority())).toList()));
  }

  /// Whether that association must end.
  ///
  /// @param connections those wanted: of others nobody knows how they authenticated
  public boolean refuses(IkeAssociation association, List<IkeConnection> connections) {
    if (!association.state().equals("ESTABLISHED")) return false;
    boolean byOurs = byOurs(association, connections);
    Optional<HostId> host = hostOf(association);
    if (host.isEmpty()) return strict && byOurs;
    return revoked.contains(host.get())
        || byOurs && peers.filter(list -> !list.allows(host.get())).isPresent();
  }

  /// The host that the peer proved to be, where Reeve's own CA vouched for it.
  static Optional<HostId> hostOf(IkeAssociation association) {
    Matcher name = HOST.matcher(association.remoteId());
    if (!name.matches()) return Optional.empty();
    return Optional.of(new HostId(name.group(1) != null ? name.group(1) : name.group(2)));
  }
}
