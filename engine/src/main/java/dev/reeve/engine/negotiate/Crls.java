package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.HostSettings;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/// What peers' certificates are checked against, and what that lacks.
///
/// @param level `strongCrlCheck`: 0 not at all, 1 refuse whoever a CRL names, 2 refuse whoever no
///   good CRL vouches for
/// @param known every CRL that this host was sent
record Crls(int level, List<IkeCrl> known) {

  static Crls of(HostSettings settings, Optional<Revocations> revocations) {
    int level = settings.strongCrlCheck();
    return new Crls(
        level,
        revocations.filter(_ -> level > 0).stream()
            .flatMap(r -> Stream.concat(Stream.of(r.crl()), r.others().stream()))
            .map(IkeCrl::new)
            .toList());
  }

  /// Those that charon takes.
  List<IkeCrl> usable() {
    return known.stream().filter(Crls::fits).toList();
  }

  private static boolean fits(IkeCrl crl) {
    return crl.bytes() <= IkeCrl.MOST_BYTES;
  }

  /// What a rule's administrator should know, in words; empty when peers are checked as they
  /// should.
  ///
  /// @param identity what peers of the rule have the like of
  Optional<String> note(IkeIdentity identity, Predicate<IkeCrl> ended) {
    if (level == 0) return Optional.empty();
    String effect = level == 2 ? "every peer is refused" : "new associations are not checked";
    Stream<X500Principal> needed =
        level == 2
            ? authorities(identity).stream()
            : Stream.of(identity.issuer().getSubjectX500Principal());
    return needed
        .flatMap(name -> lack(name, ended).stream())
        .findFirst()
        .map(l -> effect + ": " + l);
  }

  /// charon wants a good CRL for each certificate of a peer's chain but the root's own.
  static Set<X500Principal> authorities(IkeIdentity identity) {
    var names = new LinkedHashSet<X500Principal>();
    names.add(identity.issuer().getSubjectX500Principal());
    Stream.concat(Stream.of(identity.issuer()), identity.anchors().stream())
        .map(X509Certificate::getIssuerX500Principal)
        .forEach(names::add);
    return names;
  }

  private Optional<String> lack(X500Principal authority, Predicate<IkeCrl> ended) {
    Optional<IkeCrl> found =
        known.stream()
            .filter(crl -> crl.authority().filter(authority::equals).isPresent())
            .findFirst();
    if (found.isEmpty())
      return Optional.of("the policy server has sent no CRL of '" + authority + "'");
    IkeCrl crl = found.get();
    if (!fits(crl))
      return Optional.of(
          "the CRL of '%s' has %d bytes, more than charon takes".formatted(authority, crl.bytes()));
    // At level 1 one of before still names whom it names.
    return level == 2 && ended.test(crl)
        ? Optional.of(
            "the CRL of '%s' ended %s, and no newer one has come from the policy server"
                .formatted(authority, crl.until()))
        : Optional.empty();
  }
}
