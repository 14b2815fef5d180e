package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeAuth;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeMainMode;
import dev.reeve.engine.ike.Proposals;
import dev.reeve.engine.negotiate.SharedKeys.Decision;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/// Finds out with what a rule can be negotiated on a host.
final class TermsFinder {

  private final HostSettings settings;
  private final Means means;
  private final Crls crls;
  private SharedKeys keys = SharedKeys.of(List.of());

  TermsFinder(HostSettings settings, Means means) {
    this.settings = settings;
    this.means = means;
    this.crls = Crls.of(settings, means.revocations());
  }

  sealed interface Found {
    /// @param notes what was left out
    record Good(Terms terms, List<String> notes) implements Found {}

    record Refused(String reason) implements Found {}
  }

  /// Decides who gets the pre-shared key that it wants.
  ///
  /// @param refs those that come first count
  /// @param peers empty for one that negotiates nothing
  void share(List<RuleRef> refs, Function<RuleRef, Set<IpPrefix>> peers) {
    var uses = new ArrayList<SharedKeys.Use>();
    for (RuleRef ref : refs) {
      Set<IpPrefix> its = peers.apply(ref);
      if (its.isEmpty()) continue;
      for (AuthMethod method : ref.rule().authentication()) {
        if (method instanceof AuthMethod.PreSharedKey(var sealed))
          means.keys().apply(sealed).ifPresent(key -> uses.add(new SharedKeys.Use(key, its)));
      }
    }
    keys = SharedKeys.of(uses);
  }

  /// @param peers whom its traffic is with: those that were said when keys were shared
  Found find(RuleRef ref, Set<IpPrefix> peers) {
    if (!(ref.rule().action() instanceof FilterAction.Negotiate negotiate)) {
      return new Found.Refused("it does not negotiate");
    }
    MainMode mainMode = ref.policy().mainMode();
    var told = IkeMainMode.of(mainMode, settings.legacy());
    if (told.proposals().isEmpty()) {
      return new Found.Refused("every main-mode proposal is weak and legacy is off");
    }
    Proposals.Offers offers = Proposals.usable(negotiate.offers(), settings.legacy());
    if (offers.offers().isEmpty()) {
      return new Found.Refused("no offer can be used: " + String.join(", ", offers.left()));
    }
    var notes = new ArrayList<String>();
    if (!offers.left().isEmpty()) notes.add("left out " + String.join(", ", offers.left()));
    if (mainMode.quickModesPerMainMode() > 0 && !mainMode.perfectForwardSecrecy()) {
      notes.add(
          "its limit of %d quick modes per main mode is not enforced: IKEv2 has none"
              .formatted(mainMode.quickModesPerMainMode()));
    }
    var auths = new ArrayList<IkeAuth>();
    var lacking = new ArrayList<String>();
    for (AuthMethod method : ref.rule().authentication()) {
      auth(method, peers).ifPresentOrElse(auths::add, () -> lacking.add(lack(method, peers)));
    }
    if (auths.isEmpty()) return new Found.Refused(String.join(", ", lacking));
    notes.addAll(lacking);
    for (IkeAuth auth : auths) {
      if (auth instanceof IkeAuth.Certificate(var identity, var _, var _))
        crls.note(identity, means.ended()).ifPresent(notes::add);
    }
    return new Found.Good(new Terms(told, secret(offers.offers(), mainMode), auths), notes);
  }

  /// Where each quick mode is to have a Diffie-Hellman exchange of its own by a main mode of its
  /// own, IKEv2 has one in the quick mode itself.
  private static List<QuickModeOffer> secret(List<QuickModeOffer> offers, MainMode mainMode) {
    if (!mainMode.perfectForwardSecrecy()) return offers;
    return offers.stream()
        .map(offer ->
            offer.pfs() instanceof PerfectForwardSecrecy.None
                ? new QuickModeOffer(
                    offer.esp(),
                    offer.ah(),
                    offer.lifetime(),
                    offer.kilobytes(),
                    PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP)
                : offer)
        .toList();
  }

  private Optional<IkeAuth> auth(AuthMethod method, Set<IpPrefix> peers) {
    return switch (method) {
      case AuthMethod.Kerberos _ -> means.machine().map(identity -> certificate(identity, true));
      case AuthMethod.Certificate(var authority, var _, var exclude) ->
          identity(authority).map(identity -> certificate(identity, !exclude));
      case AuthMethod.PreSharedKey(var sealed) ->
          means
              .keys()
              .apply(sealed)
              .flatMap(key ->
                  keys.decide(new SharedKeys.Use(key, peers)) instanceof Decision.Good(var owners)
                      ? Optional.of(IkeAuth.SharedKey.of(sealed, key, owners))
                      : Optional.empty());
    };
  }

  private IkeAuth certificate(IkeIdentity identity, boolean byName) {
    var revocation =
        settings.strongCrlCheck() < 2 ? IkeAuth.Revocation.RELAXED : IkeAuth.Revocation.STRICT;
    return new IkeAuth.Certificate(identity, byName, revocation);
  }

  /// One whose issuer, or what that hangs from, has this name.
  private Optional<IkeIdentity> identity(String authority) {
    X500Principal name;
    try {
      name = new X500Principal(authority);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no certificate has a name that is none
    }
    return Stream.concat(means.machine().stream(), means.others().stream())
        .filter(identity ->
            Stream.concat(Stream.of(identity.issuer()), identity.anchors().stream())
                .anyMatch(ca -> ca.getSubjectX500Principal().equals(name)))
        .findFirst();
  }

  private String lack(AuthMethod method, Set<IpPrefix> peers) {
    return switch (method) {
      case AuthMethod.Kerberos _ -> "this host has no certificate of its own";
      case AuthMethod.Certificate(var authority, var _, var _) ->
          "this host has no certificate of '" + authority + "'";
      case AuthMethod.PreSharedKey(var sealed) ->
          means
              .keys()
              .apply(sealed)
              .map(key ->
                  keys.decide(new SharedKeys.Use(key, peers)) instanceof Decision.Refused(var why)
                      ? why
                      : "")
              .orElse("this host cannot open the pre-shared key");
    };
  }
}
