package dev.reeve.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A resolver that takes its time holds nobody up for longer than once.
@Timeout(60)
class NamesTest {

  private static final Duration FOREVER = Duration.ofDays(1);
  private static final List<IpAddress> ONE = List.of(IpAddress.parse("10.0.0.1"));
  private static final List<IpAddress> TWO = List.of(IpAddress.parse("10.0.0.2"));

  private final Map<String, List<IpAddress>> dns = new ConcurrentHashMap<>();
  private final CountDownLatch slow = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private final BlockingQueue<String> changes = new ArrayBlockingQueue<>(100);

  private List<IpAddress> resolve(String name) {
    asked.incrementAndGet();
    try {
      if (name.startsWith("slow")) slow.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return dns.getOrDefault(name, List.of());
  }

  private Names names(Duration patience) {
    return new Names(this::resolve, patience, () -> changes.add("changed"));
  }

  private void awaitChange() throws InterruptedException {
    assertThat(changes.poll(30, TimeUnit.SECONDS)).isEqualTo("changed");
  }

  @Test
  void a_name_of_the_policy_is_waited_for_the_first_time() {
    dns.put("web", ONE);
    assertThat(names(FOREVER).ofPolicy(List.of("web", "gone")))
        .isEqualTo(Map.of("web", ONE, "gone", List.of()));
    assertThat(changes).isEmpty();
  }

  @Test
  void once_for_all_of_a_question_and_what_comes_later_is_a_change() throws Exception {
    Names names = names(Duration.ZERO);
    dns.put("slow-1", ONE);
    dns.put("slow-2", TWO);
    assertThat(names.ofPolicy(List.of("slow-1", "slow-2")).get("slow-1")).isEmpty();
    slow.countDown();
    awaitChange();
    awaitChange();
    assertThat(names.ofPolicy(List.of("slow-1", "slow-2")))
        .isEqualTo(Map.of("slow-1", ONE, "slow-2", TWO));
  }

  @Test
  void one_that_came_to_nothing_is_not_waited_for_again() throws Exception {
    assertThat(names(FOREVER).ofPolicy(List.of("gone"))).isEqualTo(Map.of("gone", List.of()));
    Names impatient = names(Duration.ZERO);
    assertThat(impatient.ofPolicy(List.of("slow")).get("slow")).isEmpty();
    // Were it waited for, this would hang.
    assertThat(impatient.ofPolicy(List.of("slow")).get("slow")).isEmpty();
    assertThat(asked).hasValue(2);
    dns.put("slow", ONE);
    slow.countDown();
    awaitChange();
  }

  @Test
  void directories_are_never_waited_for() throws Exception {
    Names names = names(FOREVER);
    dns.put("slow", ONE);
    assertThat(names.ofDirectories(List.of("slow"))).isEqualTo(Map.of("slow", List.of()));
    slow.countDown();
    awaitChange();
    assertThat(names.ofDirectories(List.of("slow"))).isEqualTo(Map.of("slow", ONE));
  }

  @Test
  void a_name_that_moved_is_a_change_and_one_that_cannot_be_asked_keeps_its_addresses()
      throws Exception {
    Names names = names(FOREVER);
    dns.put("web", ONE);
    assertThat(names.ofPolicy(List.of("web"))).containsEntry("web", ONE);
    dns.put("web", TWO);
    var unused = names.ofPolicy(List.of("web")); // the resolver may be as fast as the answer
    awaitChange();
    dns.remove("web");
    assertThat(names.ofPolicy(List.of("web"))).containsEntry("web", TWO);
    assertThat(names.ofPolicy(List.of("web"))).containsEntry("web", TWO);
  }
}
