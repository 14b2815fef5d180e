package dev.reeve.trust;

import static dev.reeve.trust.TestAuthority.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.bundle.SignatureCheck.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignerHandoverTest {

  @TempDir Path directory;

  private TestAuthority ours;
  private Identity first;
  private Identity second;
  private Identity third;

  @BeforeEach
  void three_signers() {
    ours = TestAuthority.in(directory.resolve("ca"));
    first = ours.signer;
    second = ours.authority.issueSigner("2", NOON, Duration.ofDays(365));
    third = ours.authority.issueSigner("3", NOON, Duration.ofDays(365));
  }

  private String follow(Identity trusted, byte[]... handovers) throws Exception {
    return SignerHandover.follow(
        List.of(handovers), Pem.write(trusted.chain()), ours.authority.root());
  }

  private static String pem(Identity signer) {
    return Pem.write(signer.chain());
  }

  @Test
  void handovers_are_followed_from_the_one_that_is_trusted() throws Exception {
    byte[] toSecond = SignerHandover.sign(first, second.chain());
    byte[] toThird = SignerHandover.sign(second, third.chain());
    assertThat(follow(first, toSecond)).isEqualTo(pem(second));
    assertThat(follow(first, toSecond, toThird)).isEqualTo(pem(third));
    assertThat(follow(first, toThird, toSecond)).isEqualTo(pem(third));
    assertThat(follow(second, toSecond, toThird)).isEqualTo(pem(third));
    assertThat(follow(third, toSecond, toThird)).isEqualTo(pem(third));
    assertThat(follow(first)).isEqualTo(pem(first));
  }

  @Test
  void one_signed_by_nobody_trusted_leads_nowhere() throws Exception {
    assertThat(follow(first, SignerHandover.sign(second, second.chain()))).isEqualTo(pem(first));
    assertThat(follow(first, SignerHandover.sign(second, third.chain()))).isEqualTo(pem(first));
    assertThat(follow(first, "nonsense".getBytes(StandardCharsets.US_ASCII))).isEqualTo(pem(first));
    assertThat(follow(first, new byte[1 << 20])).isEqualTo(pem(first));
  }

  /// A stolen signer names a key of its own: the issuer, under the root, does not know it.
  @Test
  void whoever_follows_must_be_certified_for_signing_policy() throws Exception {
    TestAuthority theirs = TestAuthority.in(directory.resolve("theirs"));
    Identity server = ours.authority.issueServer(List.of("x"), NOON, Duration.ofDays(90));
    for (List<X509Certificate> named :
        List.of(theirs.signer.chain(), server.chain(), second.chain().subList(0, 1), first.chain()))
      assertThat(follow(first, SignerHandover.sign(first, named))).isEqualTo(pem(first));
  }

  /// After it was left, the first one's word is nothing: neither an old list nor a new one.
  @Test
  void a_signer_that_was_left_leads_nowhere_any_more() throws Exception {
    assertThat(follow(second, SignerHandover.sign(first, first.chain()))).isEqualTo(pem(second));
    assertThat(follow(second, SignerHandover.sign(first, third.chain()))).isEqualTo(pem(second));
  }

  /// Neither can be taken for the other.
  @Test
  void a_handover_is_no_manifest_and_a_manifest_no_handover() throws Exception {
    byte[] handover = SignerHandover.sign(first, second.chain());
    assertThat(new CmsSignatureCheck(ours.signers()).check(handover))
        .isInstanceOfSatisfying(
            Outcome.Invalid.class,
            invalid -> assertThat(invalid.reason()).isEqualTo(Refusal.WRONG_CONTENT_TYPE));
    String content = "{\"v\":1,\"signers\":\"" + pem(second).replace("\n", "\\n") + "\"}";
    byte[] manifest = new CmsSigner(first).sign(content.getBytes(StandardCharsets.US_ASCII));
    assertThat(follow(first, manifest)).isEqualTo(pem(first));
  }

  @Test
  void a_server_keeps_its_signers_and_how_they_handed_over() throws Exception {
    Path trust = directory.resolve("ca");
    PolicySigners one = PolicySigners.openOrCreate(trust, ours.authority, "srv", NOON);
    assertThat(one.handovers()).isEmpty();
    PolicySigners three =
        one.replace(ours.authority, "srv", NOON).replace(ours.authority, "srv", NOON);
    PolicySigners read = PolicySigners.openOrCreate(trust, ours.authority, "srv", NOON);
    assertThat(read.current().certificate()).isEqualTo(three.current().certificate());
    assertThat(read.handovers()).hasSize(2);
    assertThat(follow(one.current(), read.handovers().toArray(byte[][]::new)))
        .isEqualTo(pem(three.current()));

    // cut short before the certificate was there
    Files.delete(trust.resolve("policy-signer-3.pem"));
    PolicySigners two = PolicySigners.openOrCreate(trust, ours.authority, "srv", NOON);
    assertThat(two.handovers()).hasSize(1);
    Identity again = two.replace(ours.authority, "srv", NOON).current();
    PolicySigners last = PolicySigners.openOrCreate(trust, ours.authority, "srv", NOON);
    assertThat(last.current().certificate()).isEqualTo(again.certificate());
    var handovers = new ArrayList<>(last.handovers());
    assertThat(SignerHandover.follow(handovers, pem(one.current()), ours.authority.root()))
        .isEqualTo(pem(again));
  }
}
