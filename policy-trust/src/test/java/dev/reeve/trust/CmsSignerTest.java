package dev.reeve.trust;

import static dev.reeve.trust.TestAuthority.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.bundle.SignatureCheck.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CmsSignerTest {

  private static final byte[] CONTENT =
      "{\"v\":1,\r\n\"a\":\"é\"}\n".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path directory;
  private static TestAuthority ours;

  @BeforeAll
  static void make_an_authority() {
    ours = TestAuthority.in(directory.resolve("ours"));
  }

  @Test
  void what_is_signed_comes_out_again() {
    byte[] signed = new CmsSigner(ours.signer).sign(CONTENT);
    assertThat(new CmsSignatureCheck(ours.signers()).check(signed))
        .isInstanceOfSatisfying(
            Outcome.Valid.class, v -> assertThat(v.content()).isEqualTo(CONTENT));
  }

  @Test
  void a_second_pinned_signer_counts_too() {
    Identity second = ours.authority.issueSigner("2", NOON, Duration.ofDays(365));
    byte[] signed = new CmsSigner(second).sign(CONTENT);
    assertThat(new CmsSignatureCheck(ours.pinned(ours.signer, second)).check(signed))
        .isInstanceOf(Outcome.Valid.class);
    assertThat(new CmsSignatureCheck(ours.signers()).check(signed))
        .isEqualTo(new Outcome.Invalid(Refusal.FOREIGN_SIGNER, "its signer is not one of ours"));
  }

  @Test
  void certificates_brought_along_change_nothing() {
    byte[] signed = Forge.content(CONTENT).signedBy(ours.signer).bringing(ours.signer).der();
    assertThat(new CmsSignatureCheck(ours.signers()).check(signed))
        .isInstanceOf(Outcome.Valid.class);
  }

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void no_flipped_cut_or_inserted_byte_is_accepted_or_throws(long seed) {
    var random = new Random(seed);
    var check = new CmsSignatureCheck(ours.signers());
    byte[] signed = new CmsSigner(ours.signer).sign(CONTENT);
    for (int i = 0; i < 200; i++) {
      byte[] bad = mutated(signed, random);
      assertThat(check.check(bad))
          .as("differs from %d on", Arrays.mismatch(signed, bad))
          .isInstanceOf(Outcome.Invalid.class);
    }
  }

  private static byte[] mutated(byte[] signed, Random random) {
    byte[] bad = signed.clone();
    int at = random.nextInt(signed.length);
    switch (random.nextInt(3)) {
      case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bad = Arrays.copyOf(signed, at);
      default -> {
        bad = new byte[signed.length + 1];
        System.arraycopy(signed, 0, bad, 0, at);
        bad[at] = (byte) random.nextInt(256);
        System.arraycopy(signed, at, bad, at + 1, signed.length - at);
        if (Arrays.equals(Arrays.copyOf(bad, signed.length), signed)) bad[signed.length] = 0;
      }
    }
    return bad;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void random_bytes_are_refused_as_no_signed_data(long seed) {
    var random = new Random(seed);
    byte[] noise = new byte[random.nextInt(65_536)];
    random.nextBytes(noise);
    if (noise.length > 0) noise[0] = 0x30;
    assertThat(new CmsSignatureCheck(ours.signers()).check(noise))
        .isInstanceOfSatisfying(
            Outcome.Invalid.class, i -> assertThat(i.reason()).isEqualTo(Refusal.NOT_SIGNED_DATA));
  }

  /// Nesting is cheap to send and must not cost the stack.
  @Test
  void deep_nesting_is_refused() {
    byte[] deep = new byte[65_536];
    int length = deep.length;
    for (int i = 0; i + 4 <= deep.length; i += 4) {
      length -= 4;
      deep[i] = 0x30;
      deep[i + 1] = (byte) 0x82;
      deep[i + 2] = (byte) (length >> 8);
      deep[i + 3] = (byte) length;
    }
    byte[] endless = new byte[65_536];
    for (int i = 0; i < endless.length; i++) endless[i] = (byte) (i % 2 == 0 ? 0x30 : 0x80);
    var check = new CmsSignatureCheck(ours.signers());
    for (byte[] bytes : List.of(deep, endless))
      assertThat(check.check(bytes)).isInstanceOf(Outcome.Invalid.class);
  }

  /// The command in the Javadoc of [CmsSigner], as a host would run it on its saved manifest.
  @Test
  void openssl_verifies_a_saved_manifest() throws Exception {
    assumeTrue(hasOpenssl(), "openssl is not installed");
    Path manifest = directory.resolve("manifest.p7m");
    Files.write(manifest, new CmsSigner(ours.signer).sign(CONTENT));
    Pem.writeCertificates(directory.resolve("signers.pem"), ours.signer.chain());
    catRootAndSigners(ours);

    assertThat(openssl()).contains("successful");
    assertThat(directory.resolve("manifest.json")).hasBinaryContent(CONTENT);

    byte[] changed = Files.readAllBytes(manifest);
    changed[changed.length - 1] ^= 1;
    Files.write(manifest, changed);
    assertThat(openssl()).doesNotContain("successful");

    Files.write(manifest, new CmsSigner(ours.signer).sign(CONTENT));
    TestAuthority theirs = TestAuthority.in(directory.resolve("theirs"));
    catRootAndSigners(theirs);
    assertThat(openssl()).doesNotContain("successful");
  }

  /// `cat root.pem signers.pem > ca.pem`
  private static void catRootAndSigners(TestAuthority root) throws IOException {
    var both = new ArrayList<>(List.of(root.authority.root()));
    both.addAll(ours.signer.chain());
    Pem.writeCertificates(directory.resolve("ca.pem"), both);
  }

  private static boolean hasOpenssl() {
    try {
      return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String openssl() throws IOException, InterruptedException {
    var command =
        new ArrayList<>(List.of("openssl", "cms", "-verify", "-binary", "-inform", "DER"));
    command.addAll(List.of("-in", "manifest.p7m", "-certfile", "signers.pem", "-nointern"));
    command.addAll(List.of("-CAfile", "ca.pem", "-purpose", "any", "-out", "manifest.json"));
    // NOON is a fixed time, the certificates are made for it
    command.addAll(List.of("-attime", Long.toString(NOON.getEpochSecond())));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int unused = process.waitFor();
    return output;
  }
}
