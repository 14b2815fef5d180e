package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.EngineException;
import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.PeerFailure.Reason;
import dev.reeve.model.status.RuleStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose certificate is revoked, at each level of checking, and what becomes of what stands. Run by
/// [EspIT] on a kernel with ESP.
class CrlCases extends Enrolled {

  /// Levels as `strongCrlCheck` has them. The caller checks, the one that is called is revoked.
  @ParameterizedTest(name = "level {0}, CRL {1}, IPv{2}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | revoked-b               | 4 | secured |
          1 | absent                  | 6 | secured | new associations are not checked
          1 | none without the root's | 4 | secured |
          1 | revoked-b               | 4 | refused |
          1 | revoked-b               | 6 | refused |
          2 | absent                  | 4 | refused | every peer is refused: the policy server has sent no CRL of 'CN=Reeve hosts issuer
          2 | none without the root's | 6 | refused | every peer is refused: the policy server has sent no CRL of 'CN=Reeve root
          2 | stale                   | 4 | refused | ended 2021-02-01T00:00:00Z, and no newer one has come
          2 | none                    | 4 | secured |
          2 | none                    | 6 | secured |
          2 | revoked-b               | 4 | refused |
          2 | revoked-b               | 6 | refused |
          """)
  void certificates_are_checked_as_the_level_says(
      int level, String crl, int family, String result, @Nullable String told) throws Exception {
    a().revocations = Pki.revocations(crl);
    RuleStatus rule = a().apply(checking(policy("require"), level)).rules().getFirst();
    assertThat(rule.detail()).contains(Optional.ofNullable(told).orElse(""));
    if (told == null) assertThat(rule.detail()).doesNotContain("CRL");
    b().apply(policy("require"));
    b().settled().clear();
    if (result.equals("secured")) {
      assertSecured(family);
    } else {
      assertRefused(family);
      boolean revoked = crl.equals("revoked-b");
      String words = crl.equals("stale") ? "has expired" : "no good CRL of each authority";
      if (revoked) assertThat(failure(family, Reason.CERTIFICATE_REVOKED).downgraded()).isFalse();
      else assertThat(failure(family, Reason.REVOCATION_UNKNOWN).detail()).contains(words);
    }
  }

  /// The list arrives while both talk; what it says of nobody is undone by the next one.
  @Test
  void a_revocation_ends_what_stands_and_its_end_lets_the_peer_in_again() throws Exception {
    HostPolicy checks = checking(policy("require"), 2);
    a().revocations = Pki.revocations("none");
    a().apply(checks);
    b().apply(policy("require"));
    assertSecured();

    a().revocations = Pki.revocations("revoked-b");
    a().apply(checks);
    assertThat(a().engine.observe().differences()).isEmpty();
    awaitNoAssociation();
    b().settled().clear();
    assertRefused();
    assertThat(b().cannotReach(a(), 80)).as("the revoked one calls").isTrue();
    assertThat(b().settled().count(Kind.SECURED)).isZero();

    a().apply(checking(policy("require"), 0)); // nobody checks any more
    assertThat(a().engine.observe().differences()).isEmpty();
    assertSecured();
  }

  /// Both hosts have a certificate of Acme's, and this policy wants that.
  private HostPolicy byAcme() throws Exception {
    a().others = List.of(Pki.acme("a"));
    b().others = List.of(Pki.acme("b"));
    return TestPolicies.authenticated(
        policy("require"),
        new AuthMethod.Certificate("CN=Acme device CA, O=Acme, C=DE", false, false));
  }

  /// The peer's certificate is not known any more once it is in: everybody of that CA proves
  /// himself anew, and only the revoked one cannot.
  @Test
  void a_crl_of_another_ca_decides_and_a_newer_one_ends_what_stands() throws Exception {
    HostPolicy policy = byAcme();
    a().revocations = acme("acme-none");
    a().apply(checking(policy, 2));
    b().apply(policy);
    assertSecured();
    a().apply(checking(policy, 2)); // nothing new: it stands
    assertThat(a().spis()).isNotEmpty();

    a().revocations = acme("acme-revoked-b");
    a().apply(checking(policy, 2));
    assertThat(a().engine.observe().differences()).isEmpty();
    awaitNoAssociation();
    b().settled().clear();
    assertRefused();
    assertThat(failure(Reason.CERTIFICATE_REVOKED).detail()).contains("CN=b.acme.example");
  }

  /// What ends the peers fails when charon has the CRL already: nothing would tell them apart from
  /// those that were checked against it.
  @Test
  void a_crl_that_came_no_further_still_ends_what_stands() throws Exception {
    HostPolicy policy = byAcme();
    b().apply(policy);
    var turn = new int[] {-1};
    LinuxEngine engine = Unreachable.engine(a(), turn);
    String failed = "";
    for (int at = 2; !failed.startsWith("end "); at++) {
      turn[0] = -1;
      assertThat(failed(engine, checking(policy, 0))).isEmpty(); // forgets all CRLs
      a().revocations = acme("acme-none");
      assertThat(failed(engine, checking(policy, 2))).isEmpty();
      assertSecured();

      a().revocations = acme("acme-revoked-b");
      turn[0] = at;
      failed = failed(engine, checking(policy, 2));
      assertThat(turn[0]).as("what ends the peers is reached").isNegative();
    }
    awaitNoAssociation();
    b().settled().clear();
    assertRefused();
    engine.removeAll();
  }

  /// An agent that is killed amid the steps, at each of them; the next one finds charon as it is.
  @Test
  void a_crl_that_was_loaded_by_an_agent_that_died_ends_what_stands() throws Exception {
    HostPolicy policy = byAcme();
    b().apply(policy);
    int deaths = 0;
    for (boolean died = true; died; ) {
      a().apply(checking(policy, 0)); // forgets all CRLs
      a().revocations = acme("acme-none");
      a().apply(checking(policy, 2));
      assertSecured();

      a().revocations = acme("acme-revoked-b");
      died = diesAfter(2 + deaths, checking(policy, 2));
      if (died) deaths++;
      LinuxEngine next = Unreachable.engine(a(), new int[] {-1});
      assertThat(next.apply(checking(policy, 2), HostView.NONE))
          .isNotInstanceOf(ApplyOutcome.Failed.class);
      awaitNoAssociation();
      b().settled().clear();
      assertRefused();
    }
    assertThat(deaths).as("amid the steps").isGreaterThan(1);
  }

  /// @return whether it came to that
  private boolean diesAfter(int asked, HostPolicy policy) throws Exception {
    try {
      Unreachable.dying(a(), asked).apply(policy, HostView.NONE);
      return false;
    } catch (Unreachable.Death death) {
      return true;
    }
  }

  /// @return the step that failed; empty when none did
  private static String failed(LinuxEngine engine, HostPolicy policy) {
    try {
      return engine.apply(policy, HostView.NONE) instanceof ApplyOutcome.Failed(var step, _, _)
          ? step
          : "";
    } catch (EngineException e) {
      return ""; // charon could not be asked what it holds
    }
  }

  private static Optional<Revocations> acme(String crl) {
    return Optional.of(new Revocations(Pki.crl("none"), List.of(Pki.crl(crl)), Set.of()));
  }
}
