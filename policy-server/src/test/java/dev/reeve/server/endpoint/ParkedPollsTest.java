package dev.reeve.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.server.endpoint.AgentService.Answer;
import dev.reeve.server.endpoint.AgentService.Poll;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParkedPollsTest {

  private final FakeService service = new FakeService();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final ParkedPolls parked = new ParkedPolls(service, tasks::add);
  private final List<Answer<Poll>> answers = new ArrayList<>();

  private ParkedPolls.Parked poll() {
    return new ParkedPolls.Parked(EndpointWorld.HOST, Optional.empty(), "\"v1\"", answers::add);
  }

  @Test
  void many_changes_before_a_look_are_one_look() {
    assertThat(parked.park(poll(), 1)).isTrue();
    for (int i = 0; i < 5; i++) parked.wake();
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(service.polls).hasValue(1);
    assertThat(tasks).isEmpty();
  }

  @Test
  void many_changes_during_a_look_are_one_more_look_and_never_two_at_once() {
    assertThat(parked.park(poll(), 1)).isTrue();
    parked.wake();
    service.whilePolling =
        () -> {
          service.whilePolling = () -> {};
          for (int i = 0; i < 5; i++) parked.wake();
        };
    tasks.remove().run();
    assertThat(service.polls).hasValue(2);
    assertThat(tasks).isEmpty();

    parked.wake();
    assertThat(tasks).as("and it still wakes").hasSize(1);
  }

  @Test
  void a_poll_is_answered_once() {
    ParkedPolls.Parked poll = poll();
    assertThat(parked.park(poll, 1)).isTrue();
    service.change();
    parked.wake();
    tasks.remove().run();
    assertThat(answers).hasSize(1);
    assertThat(parked.remove(poll)).as("its timer comes too late").isFalse();
  }

  @Test
  void one_poll_that_fails_does_not_stop_the_others() {
    service.whilePolling =
        () -> {
          service.whilePolling = () -> {};
          throw new IllegalStateException("broken");
        };
    assertThat(parked.park(poll(), 1) && parked.park(poll(), 1)).isTrue();
    service.change();
    parked.wake();
    tasks.remove().run();
    assertThat(answers).hasSize(1);
  }
}
