package dev.reeve.engine.ike;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.PeerFailure.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `src/test/resources/charon-log` is what a charon 5.9.8 said: `CONNECTION|IKE SA|SENTENCE`, one
/// file for each side; `a` is the one that asks.
class PeerFailuresTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final PeerFailures failures = new PeerFailures();

  private void hear(String file, Instant at) throws IOException {
    for (String line : recorded(file)) {
      String[] parts = line.split("\\|", 3);
      failures.hear(parts[0], Long.parseLong(parts[1]), parts[2], at);
    }
  }

  private static List<String> recorded(String file) throws IOException {
    try (InputStream in =
        PeerFailuresTest.class.getResourceAsStream("/charon-log/" + file + ".txt")) {
      if (in == null) throw new IOException("no recording " + file);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private void says(String... sentences) {
    failures.hear("reeve-1", 1, "received packet: from 10.0.0.2[500] to 10.0.0.1[500] (9)", NOON);
    failures.hear("reeve-1", 1, "received end entity cert \"CN=web\"", NOON);
    for (String sentence : sentences) failures.hear("reeve-1", 1, sentence, NOON);
  }

  private PeerFailure only() {
    assertThat(failures.all(NOON)).hasSize(1);
    return failures.all(NOON).getFirst();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dh-mismatch.a             | MAIN_MODE_PROPOSAL    | accepts none of what this host proposes: aes256-sha256-modp2048 (DH group 14 (2048 bits))
          dh-mismatch.b             | MAIN_MODE_PROPOSAL    | DH group: the peer has only group 14 (2048 bits), this host wants group 31 (Curve25519)
          wrong-key.a               | PRE_SHARED_KEY        | most likely the two differ
          wrong-key.b               | PRE_SHARED_KEY        | another one than this host's
          wrong-ca.a                | CERTIFICATE_AUTHORITY | has issued its certificate "O=Reeve, OU=Hosts, CN=host b"
          wrong-ca.b                | REFUSED_BY_PEER       | did not accept this host's certificate
          server-certificate.a      | CERTIFICATE_AUTHORITY | CN=policy server
          server-certificate.b      | REFUSED_BY_PEER       | did not accept this host's certificate
          key-against-certificate.a | REFUSED_BY_PEER       | did not accept this host's certificate
          key-against-certificate.b | CERTIFICATE_AUTHORITY | CN=Reeve hosts issuer
          no-answer.a               | NO_ANSWER             | does not answer IKE
          no-common-traffic.a       | TRAFFIC               | no rule of its own secures this traffic
          no-common-traffic.b       | TRAFFIC               | no rule of this host secures what it asks for
          """)
  void what_charon_said_becomes_a_reason(String file, Reason reason, String detail)
      throws IOException {
    failures.connections(
        Map.of(
            "reeve-3c7fdbf2",
            new PeerFailures.Proposed(List.of("aes256-sha256-modp2048"), false),
            "reeve-fb0416a8",
            new PeerFailures.Proposed(List.of("aes256-sha256-modp2048"), true)));
    hear(file, NOON);

    PeerFailure failure = only();
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.detail()).contains(detail);
    assertThat(failure.peer()).isEqualTo(file.endsWith(".a") ? "10.68.0.2" : "10.68.0.1");
    assertThat(failure.count()).isEqualTo(1);
  }

  /// The textbook case, and others that no recording shows.
  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          received proposals: IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024; configured proposals: IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048; received proposals unacceptable | MAIN_MODE_PROPOSAL | DH group: the peer has only group 2 (1024 bits), this host wants group 14 (2048 bits)
          received proposals: ESP:AES_CBC_128/HMAC_SHA1_96/NO_EXT_SEQ; configured proposals: ESP:AES_GCM_16_256/NO_EXT_SEQ; no acceptable proposal found | QUICK_MODE_PROPOSAL | cipher: the peer has only AES_CBC_128, this host wants AES_GCM_16_256
          subject certificate invalid (valid from Jan 01 00:00:00 2020 to Jan 02 00:00:00 2020) | CERTIFICATE_EXPIRED | "CN=web" is valid from Jan 01 00:00:00 2020 to Jan 02 00:00:00 2020
          certificate was revoked on Nov 01 00:00:00 UTC 2026, reason: key compromise; no trusted ECDSA public key found for 'CN=web' | CERTIFICATE_REVOKED | "CN=web" was revoked on Nov 01 00:00:00 UTC 2026, reason: key compromise
          constraint check failed: RULE_CRL_VALIDATION is FAILED, but requires at least GOOD | REVOCATION_UNKNOWN | no good CRL of each authority in its chain (FAILED)
          constraint check failed: RULE_CRL_VALIDATION is STALE, but requires at least GOOD | REVOCATION_UNKNOWN | has expired; the policy server sends new ones
          constraint check failed: peer not authenticated by CA 'CN=ours'; selected peer config 'reeve-1' unacceptable: constraint check failed | CERTIFICATE_AUTHORITY | is not of "CN=ours"
          received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built | QUICK_MODE_PROPOSAL | accepts none of this host's quick-mode offers
          no IKE config found for 10.0.0.1...10.0.0.2, sending NO_PROPOSAL_CHOSEN | NO_RULE | no rule of this host
          """)
  void sentences(String said, Reason reason, String detail) {
    says(said.split("; "));
    assertThat(only().reason()).isEqualTo(reason);
    assertThat(only().detail()).contains(detail);
  }

  @Test
  void an_association_that_stands_ends_the_matter() throws IOException {
    hear("no-answer.a", NOON);
    hear("good.a", NOON);
    assertThat(failures.all(NOON)).isEmpty();
  }

  @Test
  void the_same_reason_again_is_counted() throws IOException {
    hear("no-answer.a", NOON);
    failures.charonStarted();
    hear("no-answer.a", NOON.plusSeconds(60));

    PeerFailure failure = failures.all(NOON.plusSeconds(60)).getFirst();
    assertThat(failure.count()).isEqualTo(2);
    assertThat(failure.first()).isEqualTo(NOON);
    assertThat(failure.last()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void what_tells_more_is_not_hidden_by_what_tells_less() throws IOException {
    hear("server-certificate.a", NOON);
    failures.charonStarted();
    failures.hear("x", 1, "received packet: from 10.68.0.2[500] to 10.68.0.1[500] (9)", NOON);
    failures.hear("x", 1, "received AUTHENTICATION_FAILED notify error", NOON.plusSeconds(1));
    assertThat(failures.all(NOON.plusSeconds(1)).getFirst().reason())
        .isEqualTo(Reason.CERTIFICATE_AUTHORITY);
  }

  /// The one that asks is told of a refusal alone; the one that is asked sees what the other has.
  @Test
  void the_group_of_a_peer_is_told_whoever_asked_last() throws IOException {
    hear("dh-mismatch.b", NOON);
    assertThat(afterItRefused(NOON.plusSeconds(60)).detail())
        .isEqualTo(
            "DH group: the peer has only group 14 (2048 bits), this host wants group 31"
                + " (Curve25519)");
    assertThat(afterItRefused(NOON.plusSeconds(70)).count()).isEqualTo(3);
    assertThat(afterItRefused(NOON.plusSeconds(601)).detail()).contains("accepts none");
  }

  @Test
  void what_this_host_wanted_before_is_not_told() throws IOException {
    hear("dh-mismatch.b", NOON);
    failures.connections(
        Map.of("reeve-1", new PeerFailures.Proposed(List.of("aes256-sha256-modp3072"), false)));
    assertThat(afterItRefused(NOON.plusSeconds(1)).detail()).contains("accepts none");
  }

  private PeerFailure afterItRefused(Instant at) {
    failures.charonStarted();
    failures.hear("x", 1, "received packet: from 10.68.0.1[500] to 10.68.0.2[500] (9)", at);
    failures.hear("x", 1, "received NO_PROPOSAL_CHOSEN notify error", at);
    return failures.all(at).getFirst();
  }

  @Test
  void it_is_forgotten_after_an_hour() throws IOException {
    hear("no-answer.a", NOON);
    assertThat(failures.all(NOON.plus(PeerFailures.MEMORY))).hasSize(1);
    assertThat(failures.all(NOON.plus(PeerFailures.MEMORY).plus(Duration.ofSeconds(1)))).isEmpty();
  }

  @Test
  void a_flood_of_peers_fills_no_memory() {
    for (int i = 0; i < 10_000; i++) {
      String peer = "10.1." + i / 250 + "." + i % 250;
      failures.hear(
          "", i + 1, "received packet: from " + peer + "[500] to 10.0.0.1[500] (9)", NOON);
      failures.hear("", i + 1, "received proposals unacceptable", NOON.plusMillis(i));
    }
    List<PeerFailure> left = failures.all(NOON);
    assertThat(left).hasSize(PeerFailures.MOST_PEERS);
    assertThat(left.getLast().peer()).isEqualTo("10.1.39.249");
  }

  /// The other host cannot come far enough to say who it is: what it left half open tells of it.
  @Test
  void another_host_behind_the_same_nat_is_told_of_by_the_one_that_has_it() {
    failures.behindNat(Map.of(IpAddress.parse("192.0.2.9"), "CN=host a"));
    failures.hear("(unnamed)", 7, "deleting half open IKE_SA with 192.0.2.9 after timeout", NOON);
    failures.hear("(unnamed)", 8, "deleting half open IKE_SA with 192.0.2.8 after timeout", NOON);

    assertThat(only().peer()).isEqualTo("192.0.2.9");
    assertThat(only().reason()).isEqualTo(Reason.BEHIND_SAME_NAT);
    assertThat(only().detail())
        .startsWith("somebody did not get to say who it is; perhaps it is behind the same NAT as")
        .contains("\"CN=host a\"");
    failures.sharesNat("192.0.2.9", "CN=host b", NOON);
    assertThat(only().detail()).startsWith("\"CN=host b\"");
    assertThat(only().count()).isEqualTo(2);
  }

  @Test
  void a_peer_that_answered_and_then_no_more_is_no_silent_one() {
    says("establishing IKE_SA failed, peer not responding");
    assertThat(only().reason()).isEqualTo(Reason.NO_ANSWER);
    assertThat(only().detail()).contains("behind the NAT that this one is behind");
  }

  @Test
  void a_peer_that_dies_later_is() {
    says(
        "IKE_SA reeve-1[1] established between 10.0.0.1[a]...10.0.0.2[b]",
        "giving up after 6 retransmits");
    assertThat(only().detail()).isEqualTo("it does not answer IKE (UDP port 500)");
  }
}
