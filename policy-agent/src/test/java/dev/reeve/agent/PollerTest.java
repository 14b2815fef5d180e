package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.EPOCH;
import static dev.reeve.agent.TestBundles.HOST;
import static dev.reeve.agent.TestBundles.NOON;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.objects;
import static dev.reeve.agent.TestBundles.policyBytes;
import static dev.reeve.agent.TestBundles.seal;
import static dev.reeve.agent.TestBundles.seals;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.disk.Kept;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// One question after the other, without the thread, against a server made of values.
class PollerTest {

  private static final ApplyOutcome APPLIED = new ApplyOutcome.Applied(List.of(), List.of());

  /// Answers what it is told to; remembers what it was asked.
  private static final class FakeClient implements PolicyClient {
    final List<Question> questions = new ArrayList<>();
    final List<Digest> fetched = new ArrayList<>();
    final List<byte[]> facts = new ArrayList<>();
    final List<String> keys = new ArrayList<>();
    Optional<IOException> failure = Optional.empty();
    Answer answer = new Answer.Unchanged(new Side(false, false, Optional.of(NOON)));
    Map<Digest, byte[]> has = Map.of();

    @Override
    public InetAddress connect() {
      return InetAddress.getLoopbackAddress();
    }

    @Override
    public Answer policy(Question question) throws IOException {
      questions.add(question);
      if (failure.isPresent()) throw failure.get();
      return answer;
    }

    @Override
    public byte[] object(Digest digest) throws IOException {
      fetched.add(digest);
      if (!has.containsKey(digest)) throw new IOException("no object");
      return has.get(digest);
    }

    @Override
    public void putFacts(byte[] bytes) {
      facts.add(bytes);
    }

    @Override
    public void putEncryptionKey(String key) {
      keys.add(key);
    }

    @Override
    public void report(byte[] report) {}

    @Override
    public String renew(String csr) {
      return csr;
    }

    @Override
    public byte[] signers() throws IOException {
      throw new IOException("no signers");
    }

    @Override
    public String server() {
      return "s:1";
    }

    @Override
    public void abort() {}

    @Override
    public void rearm() {}

    @Override
    public void close() {}
  }

  private final FakeClient client = new FakeClient();
  private final List<AgentEvent> events = new ArrayList<>();
  private PollOutcome loopSays =
      new PollOutcome.Arrived(new BundleVersion(EPOCH, 1), true, APPLIED);
  private AgentState state =
      AgentState.first("fake", Contact.none(NOON, ""), List.of())
          .withKept(GateState.enrolled(HOST, EPOCH, Instant.EPOCH), Kept.NOTHING, "");
  private Duration uptime = Duration.ZERO;
  private final Poller poller = poller(Poller.Renewal.NONE);

  private Poller poller(Poller.Renewal renewal) {
    return new Poller(
        client,
        new BundleGate(seals()),
        new Poller.Agent(
            () -> state, this::take, _ -> Map.of("hostname", "web-01"), _ -> Optional.empty()),
        renewal,
        Duration.ofSeconds(240),
        () -> NOON,
        () -> uptime,
        new Random(1));
  }

  private void take(AgentEvent event) {
    events.add(event);
    if (event instanceof AgentEvent.BundleArrived arrived) {
      assertThat(arrived.reply().complete(loopSays)).isTrue();
    }
  }

  private void offered(long number) {
    client.has = objects(policyBytes("A"));
    client.answer =
        new PolicyClient.Answer.Manifest(
            seal(manifest(number, content(policyBytes("A")))),
            "\"" + number + "\"",
            new PolicyClient.Side(false, false, Optional.of(NOON)));
  }

  private Contact contact() {
    return ((AgentEvent.ServerState) events.getLast()).contact();
  }

  @Test
  void the_first_question_is_plain_and_the_next_waits_for_news() {
    assertThat(poller.turn(false, false)).isEqualTo(PollOutcome.Unchanged.UNCHANGED);
    uptime = uptime.plusSeconds(3);
    assertThat(poller.turn(false, false)).isEqualTo(PollOutcome.Unchanged.UNCHANGED);
    assertThat(client.questions)
        .extracting(PolicyClient.Question::patience)
        .containsExactly(Duration.ZERO, Duration.ofSeconds(240));
    assertThat(client.questions.getFirst().floor()).isEqualTo(new BundleVersion(EPOCH, 0));
  }

  @Test
  void after_news_one_more_question_confirms_that_the_server_is_still_reached() {
    offered(1);
    assertThat(poller.turn(false, false)).isInstanceOf(PollOutcome.Arrived.class);
    client.answer =
        new PolicyClient.Answer.Unchanged(new PolicyClient.Side(false, false, Optional.empty()));
    for (int i = 0; i < 2; i++) assertThat(poller.turn(false, false)).isNotNull();
    assertThat(client.questions)
        .extracting(PolicyClient.Question::patience)
        .containsExactly(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(240));
  }

  @Test
  void every_object_comes_with_the_manifest() {
    offered(1);
    assertThat(poller.turn(false, false)).isEqualTo(loopSays);
    var arrived = (AgentEvent.BundleArrived) events.getFirst();
    assertThat(arrived.objects().keySet()).isEqualTo(client.has.keySet());
    assertThat(arrived.etag()).isEqualTo("\"1\"");
  }

  @Test
  void nothing_is_fetched_for_a_manifest_that_is_refused() {
    offered(1);
    var good = (PolicyClient.Answer.Manifest) client.answer;
    byte[] forged = good.signed().clone();
    forged[0] = 'X';
    client.answer = new PolicyClient.Answer.Manifest(forged, "\"9\"", good.side());
    loopSays = new PollOutcome.Refused(Refusal.BAD_SIGNATURE, "no seal");
    assertThat(poller.turn(false, false)).isEqualTo(loopSays);
    assertThat(client.fetched).isEmpty();
    assertThat(contact().lastError()).contains("BAD_SIGNATURE");
    assertThat(contact().reachable()).isTrue();
  }

  @Test
  void an_object_that_cannot_be_fetched_leaves_things_as_they_are() {
    offered(1);
    client.has = Map.of();
    assertThat(poller.turn(false, false)).isEqualTo(new PollOutcome.Failed("no object"));
    assertThat(events).noneMatch(e -> e instanceof AgentEvent.BundleArrived);
  }

  @Test
  void facts_go_out_when_they_are_wanted_and_that_is_no_circle() {
    assertThat(poller.turn(false, false)).isNotNull();
    client.answer =
        new PolicyClient.Answer.Unchanged(new PolicyClient.Side(true, false, Optional.empty()));
    assertThat(poller.turn(false, false)).isNotNull();
    assertThat(client.facts).hasSize(1);
    assertThat(Digest.of(client.facts.getFirst())).isEqualTo(client.questions.getLast().facts());
  }

  @Test
  void the_encryption_key_goes_out_when_it_is_wanted_and_that_is_no_circle() {
    PublicKey key = EcKeys.generate().getPublic();
    var withKey =
        poller(
            new Poller.Renewal() {
              @Override
              public List<String> attend(PolicyClient client, Instant now) {
                return List.of();
              }

              @Override
              public Optional<PublicKey> encryptionKey() {
                return Optional.of(key);
              }
            });
    assertThat(withKey.turn(false, false)).isNotNull();
    assertThat(client.keys).isEmpty();
    client.answer =
        new PolicyClient.Answer.Unchanged(new PolicyClient.Side(false, true, Optional.empty()));
    assertThat(withKey.turn(false, false)).isNotNull();
    assertThat(client.keys).containsExactly(Pem.write(key));
    assertThat(client.questions.getLast().key()).contains(EcKeys.digest(key));
  }

  @Test
  void a_host_without_an_encryption_key_sends_none() {
    client.answer =
        new PolicyClient.Answer.Unchanged(new PolicyClient.Side(false, true, Optional.empty()));
    assertThat(poller.turn(false, false)).isNotNull();
    assertThat(client.keys).isEmpty();
  }

  @Test
  void a_server_that_is_away_is_away_and_asked_plainly_until_it_is_back() {
    client.failure = Optional.of(new IOException("connection refused"));
    assertThat(poller.turn(false, false)).isEqualTo(new PollOutcome.Failed("connection refused"));
    assertThat(contact().reachable()).isFalse();
    assertThat(contact().lastError()).isEqualTo("connection refused");
    client.failure = Optional.empty();
    assertThat(poller.turn(false, false)).isEqualTo(PollOutcome.Unchanged.UNCHANGED);
    assertThat(contact().reachable()).isTrue();
    assertThat(contact().lastError()).isEmpty();
    assertThat(client.questions).allMatch(question -> question.patience().isZero());
  }

  @Test
  void a_server_that_says_no_is_reachable() {
    client.failure =
        Optional.of(new PolicyClient.RefusedByServerException(403, "403 REVOKED: go away"));
    assertThat(poller.turn(false, false)).isEqualTo(new PollOutcome.Failed("403 REVOKED: go away"));
    assertThat(contact().reachable()).isTrue();
    assertThat(contact().lastError()).contains("REVOKED");
  }

  @Test
  void the_servers_clock_is_noted() {
    client.answer =
        new PolicyClient.Answer.Unchanged(
            new PolicyClient.Side(false, false, Optional.of(NOON.minusSeconds(600))));
    assertThat(poller.turn(false, false)).isNotNull();
    assertThat(contact().skewProblem())
        .contains("this host's clock is 10 min ahead of the server's");
  }
}
