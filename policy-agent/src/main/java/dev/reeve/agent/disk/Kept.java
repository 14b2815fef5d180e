package dev.reeve.agent.disk;

import dev.reeve.model.bundle.Assignment;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.spd.HostPolicy;
import java.util.Optional;
import java.util.stream.Stream;

/// The bundles a host lives on. A part that the newest bundle calls unknown stays as an older one
/// said it, and that older one is kept with it, so that it can be verified at every start.
///
/// @param current the newest one admitted
/// @param confirmed the newest one with which the server was reached after it was applied
/// @param policy the newest one that knew the policy: the current one, or an older one
/// @param persistent likewise for the persistent policy
/// @param settings likewise for the settings
public record Kept(
    Optional<VerifiedBundle> current,
    Optional<VerifiedBundle> confirmed,
    Optional<VerifiedBundle> policy,
    Optional<VerifiedBundle> persistent,
    Optional<VerifiedBundle> settings) {

  /// A host that was never told anything.
  public static final Kept NOTHING =
      new Kept(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /// With `next` admitted.
  public Kept after(VerifiedBundle next) {
    boolean renewal =
        current.isPresent() && current.get().manifest().version().equals(next.manifest().version());
    boolean wasConfirmed =
        renewal
            && confirmed
                .filter(c -> c.manifest().version().equals(next.manifest().version()))
                .isPresent();
    return new Kept(
        Optional.of(next),
        wasConfirmed ? Optional.of(next) : confirmed,
        known(next.policy()) ? Optional.of(next) : policy,
        known(next.persistent()) ? Optional.of(next) : persistent,
        next.settings().isPresent() ? Optional.of(next) : settings);
  }

  private static boolean known(Assignment assignment) {
    return !(assignment instanceof Assignment.Unknown);
  }

  public Kept withCurrentConfirmed() {
    return new Kept(current, current, policy, persistent, settings);
  }

  public boolean currentIsConfirmed() {
    return current.equals(confirmed);
  }

  /// Whether any bundle says anything at all.
  public boolean isNothing() {
    return all().findAny().isEmpty();
  }

  /// Every bundle that must stay readable.
  Stream<VerifiedBundle> all() {
    return Stream.of(current, confirmed, policy, persistent, settings)
        .flatMap(Optional::stream)
        .distinct();
  }

  /// A secret that one of the policies in force holds, sealed to this host.
  public Optional<SealedSecret> findSecret(SealedSecret inPolicy) {
    return all().flatMap(bundle -> bundle.secrets().find(inPolicy).stream()).findFirst();
  }

  /// Who was revoked, as the newest bundle that says so has it.
  public Optional<Revocations> revocations() {
    return all().flatMap(bundle -> bundle.revocations().stream()).findFirst();
  }

  /// Who may associate with this host, as the bundle has it that the settings come from.
  public Optional<PeerList> peers() {
    return settings.flatMap(VerifiedBundle::peers);
  }

  /// The policy of the domain in force.
  public Optional<IpsecPolicy> domainPolicy() {
    return policy.flatMap(bundle -> bundle.policy().orKeep(Optional.empty()));
  }

  /// What the host should enforce: persistent ⊕ (domain, else local) ⊕ settings. What the domain
  /// says replaces what the host's own stores say, each as a whole.
  public HostPolicy with(LocalStores stores) {
    Optional<IpsecPolicy> persistentPolicy =
        persistent.flatMap(bundle -> bundle.persistent().orKeep(Optional.empty()));
    return new HostPolicy(
        persistentPolicy.or(stores::persistent),
        domainPolicy(),
        stores.local(),
        settings.flatMap(VerifiedBundle::settings).orElse(HostSettings.DEFAULTS));
  }
}
