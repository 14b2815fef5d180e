package dev.reeve.trust;

import static dev.reeve.trust.TestAuthority.NOON;
import static dev.reeve.trust.TestAuthority.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reeve.model.bundle.HostId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorityTest {

  private static final HostId HOST = new HostId("0123456789abcdef0123456789abcdef");

  @TempDir Path directory;
  private TestAuthority ours;

  @BeforeEach
  void make_an_authority() {
    ours = TestAuthority.in(directory.resolve("ca"));
  }

  private X509Certificate host() {
    Csr csr = Csr.parse(Csr.create(EcKeys.generate()));
    return ours.authority.issueHost(csr, HOST, NOON, Authority.HOST_VALIDITY).getFirst();
  }

  private X509Certificate leaf(Purpose purpose) {
    return switch (purpose) {
      case HOST -> host();
      case SERVER ->
          ours.authority
              .issueServer(List.of("reeve.example"), NOON, Duration.ofDays(90))
              .certificate();
      case SIGNER -> ours.signer.certificate();
    };
  }

  @ParameterizedTest(name = "{0} as {1}: {2}")
  @CsvSource({
    "HOST,   HOST,   true",
    "HOST,   SERVER, false",
    "HOST,   SIGNER, false",
    "SERVER, HOST,   false",
    "SERVER, SERVER, true",
    "SERVER, SIGNER, false",
    "SIGNER, HOST,   false",
    "SIGNER, SERVER, false",
    "SIGNER, SIGNER, true"
  })
  void a_certificate_serves_its_own_purpose_only(Purpose issued, Purpose used, boolean good) {
    assertThat(passes(leaf(issued), ours.issuer(used))).isEqualTo(good);
  }

  private static boolean passes(X509Certificate leaf, PinnedIssuer issuer) {
    try {
      issuer.check(leaf, NOON);
      return true;
    } catch (CertificateException _) {
      return false;
    }
  }

  /// With the host issuer's key in hand one can write any extension, and still gets nowhere.
  @ParameterizedTest
  @CsvSource({"SERVER", "SIGNER"})
  void a_stolen_host_issuer_cannot_certify_otherwise(Purpose wanted) throws Exception {
    Identity thief = Identity.read(directory.resolve("ca"), Purpose.HOST.file());
    var maker = new CertificateMaker(RANDOM);
    X509Certificate forged =
        maker.leaf(
            wanted,
            CertificateMaker.subject(wanted, "forged"),
            List.of(),
            EcKeys.generate().getPublic(),
            thief,
            NOON,
            Duration.ofDays(1));
    assertThat(passes(forged, ours.issuer(wanted))).isFalse();
    assertThatThrownBy(() -> ours.issuer(Purpose.HOST).check(forged, NOON))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(
            () -> PinnedIssuer.of(thief.certificate(), ours.authority.root(), wanted, NOON))
        .hasMessageContaining("not for use as " + wanted);

    // an issuer below the issuer
    Identity below =
        new Identity(
            thief.key(),
            List.of(
                maker.issuer(
                    wanted, thief.certificate().getPublicKey(), thief, NOON, Duration.ofDays(1))));
    assertThatThrownBy(
            () -> PinnedIssuer.of(below.certificate(), ours.authority.root(), wanted, NOON))
        .isInstanceOf(CertificateException.class);
  }

  /// The names an issuer may give are checked, not only the usages.
  @Test
  void a_name_of_another_branch_is_refused() {
    Identity issuer;
    try {
      issuer = Identity.read(directory.resolve("ca"), Purpose.HOST.file());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    X509Certificate forged =
        new CertificateMaker(RANDOM)
            .leaf(
                Purpose.HOST,
                CertificateMaker.subject(Purpose.SERVER, "forged"),
                List.of(),
                EcKeys.generate().getPublic(),
                issuer,
                NOON,
                Duration.ofDays(1));
    assertThatThrownBy(() -> ours.issuer(Purpose.HOST).check(forged, NOON))
        .hasMessageContaining("name constraints");
  }

  @Test
  void the_request_supplies_the_key_and_nothing_else() throws Exception {
    KeyPair keys = EcKeys.generate();
    var greedy =
        new JcaPKCS10CertificationRequestBuilder(
                new X500Name("CN=root,O=Somebody"), keys.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    Csr csr = Csr.parse(Pem.block("CERTIFICATE REQUEST", greedy.getEncoded()));

    X509Certificate issued =
        ours.authority.issueHost(csr, HOST, NOON, Authority.HOST_VALIDITY).getFirst();

    assertThat(issued.getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(issued.getSubjectX500Principal().getName())
        .isEqualTo("CN=host " + HOST + ",OU=Hosts,O=Reeve");
    assertThat(HostCertificate.find(issued).orElseThrow().host()).isEqualTo(HOST);
  }

  @Test
  void a_host_certificate_lives_90_days_and_began_yesterday() {
    HostCertificate certificate = HostCertificate.find(host()).orElseThrow();
    assertThat(certificate.from()).isEqualTo(NOON.minus(Duration.ofDays(1)));
    assertThat(certificate.until()).isEqualTo(NOON.plus(Duration.ofDays(90)));
    assertThat(certificate.validAt(NOON.plus(Duration.ofDays(91)))).isFalse();
    assertThat(certificate.renewAt()).isBefore(NOON.plus(Duration.ofDays(31)));
  }

  @Test
  void a_request_without_proof_of_possession_is_refused() throws Exception {
    var request =
        new JcaPKCS10CertificationRequestBuilder(
                new X500Name("CN=x"), EcKeys.generate().getPublic())
            .build(
                new JcaContentSignerBuilder("SHA256withECDSA")
                    .build(EcKeys.generate().getPrivate()));
    assertThatThrownBy(() -> Csr.parse(Pem.block("CERTIFICATE REQUEST", request.getEncoded())))
        .hasMessage("the request is not signed by its own key");
  }

  @Test
  void a_key_of_another_kind_is_refused() throws Exception {
    KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    var request =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), rsa.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withRSA").build(rsa.getPrivate()));
    assertThatThrownBy(() -> Csr.parse(Pem.block("CERTIFICATE REQUEST", request.getEncoded())))
        .hasMessage("the key is not on P-256");
  }

  @Test
  void keys_are_readable_by_their_owner_only() throws IOException {
    try (var files = Files.list(directory.resolve("ca"))) {
      for (Path file : files.toList()) {
        String expected = file.toString().endsWith(".key") ? "rw-------" : "rw-r--r--";
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo(expected);
      }
    }
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("ca"))))
        .isEqualTo("rwx------");
  }

  @Test
  void everything_but_certifying_issuers_works_without_the_root_key() throws IOException {
    Path ca = directory.resolve("ca");
    Path safe = directory.resolve("safe");
    Files.move(ca.resolve("root.key"), safe);

    Authority reopened = Authority.openOrCreate(ca, NOON, RANDOM);

    assertThat(reopened.pin()).isEqualTo(ours.authority.pin());
    assertThat(passes(host(), ours.issuer(Purpose.HOST))).isTrue();
    assertThatThrownBy(() -> Authority.replaceIssuer(ca, Purpose.HOST, NOON, RANDOM))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("bring the root key back");

    Files.move(safe, ca.resolve("root.key"));
    Authority.replaceIssuer(ca, Purpose.HOST, NOON, RANDOM);
    Authority replaced = Authority.open(ca, NOON, RANDOM);
    assertThat(replaced.root()).isEqualTo(ours.authority.root());
    assertThat(replaced.issuer(Purpose.HOST)).isNotEqualTo(ours.authority.issuer(Purpose.HOST));
  }

  /// Ten years: as long as they last themselves.
  @Test
  void the_root_says_for_years_that_its_issuers_are_good() throws Exception {
    Path ca = directory.resolve("ca");
    CheckedCrl crl = ours.authority.rootCrl().orElseThrow();
    assertThat(crl.entries()).isZero();
    assertThat(crl.until())
        .isCloseTo(
            ours.authority.issuer(Purpose.HOST).getNotAfter().toInstant(),
            within(1, ChronoUnit.DAYS));

    Path safe = directory.resolve("safe");
    Files.move(ca.resolve("root.key"), safe);
    Instant late = NOON.plus(Duration.ofDays(9 * 365));
    assertThat(Authority.open(ca, late, RANDOM).rootCrl()).contains(crl);

    Files.move(safe, ca.resolve("root.key"));
    Instant early = NOON.plus(Duration.ofDays(4 * 365));
    assertThat(Authority.open(ca, early, RANDOM).rootCrl()).contains(crl);
    CheckedCrl next = Authority.open(ca, late, RANDOM).rootCrl().orElseThrow();
    assertThat(next.isNewerThan(crl)).isTrue();
    assertThat(next.until()).isAfter(crl.until());
  }

  /// As after an update from a release that made none.
  @Test
  void the_roots_crl_is_made_when_its_key_is_there() throws IOException {
    Path ca = directory.resolve("ca");
    Path safe = directory.resolve("safe");
    Files.delete(ca.resolve("root.crl"));
    Files.move(ca.resolve("root.key"), safe);
    assertThat(Authority.open(ca, NOON, RANDOM).rootCrl()).isEmpty();
    Files.move(safe, ca.resolve("root.key"));
    assertThat(Authority.open(ca, NOON, RANDOM).rootCrl()).isPresent();
  }

  @Test
  void a_crl_of_another_root_is_refused() throws IOException {
    TestAuthority.in(directory.resolve("theirs"));
    Files.copy(
        directory.resolve("theirs").resolve("root.crl"),
        directory.resolve("ca").resolve("root.crl"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> Authority.open(directory.resolve("ca"), NOON, RANDOM))
        .hasMessageContaining("root.crl: not signed by");
  }

  @Test
  void creation_that_was_cut_short_starts_again() throws IOException {
    Path ca = directory.resolve("ca");
    Files.delete(ca.resolve("root.pem")); // it is written last
    Authority again = Authority.openOrCreate(ca, NOON, RANDOM);
    assertThat(again.pin()).isNotEqualTo(ours.authority.pin());
  }

  @Test
  void a_file_that_is_wrong_is_named() throws IOException {
    Path ca = directory.resolve("ca");
    Files.writeString(ca.resolve("servers.pem"), "nonsense");
    assertThatThrownBy(() -> Authority.open(ca, NOON, RANDOM))
        .hasMessageContaining("servers.pem: no certificate in PEM");
  }

  @Test
  void an_identity_does_not_print_its_key() {
    assertThat(ours.signer.toString()).isEqualTo("Identity[CN=signer 1, OU=Signers, O=Reeve]");
  }

  @Test
  void a_signer_of_another_root_is_not_pinned() {
    TestAuthority theirs = TestAuthority.in(directory.resolve("theirs"));
    assertThatThrownBy(() -> PinnedSigners.of(theirs.signer.chain(), ours.authority.root()))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(
            () -> PinnedSigners.of(List.of(ours.signer.certificate()), ours.authority.root()))
        .hasMessageContaining("its issuer is not given");
  }
}
