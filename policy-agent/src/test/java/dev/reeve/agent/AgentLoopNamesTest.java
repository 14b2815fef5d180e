package dev.reeve.agent;

import static dev.reeve.agent.AgentEvent.AddressesChanged.ADDRESSES_CHANGED;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// DNS names of the policy, as the loop has them looked up.
@Timeout(60)
class AgentLoopNamesTest extends SteppedLoop {

  private static final List<IpAddress> ONE = List.of(IpAddress.parse("10.0.0.1"));
  private static final List<IpAddress> TWO = List.of(IpAddress.parse("10.0.0.2"));

  private final Map<String, List<IpAddress>> dns = new ConcurrentHashMap<>(Map.of("web", ONE));
  private final BlockingQueue<AgentEvent> posted = new ArrayBlockingQueue<>(10);
  private final Names names =
      new Names(
          name -> dns.getOrDefault(name, List.of()),
          Duration.ofDays(1),
          () -> posted.add(ADDRESSES_CHANGED));

  private HostView view() {
    return new HostView(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        names.ofPolicy(List.of("web")),
        List.of(),
        List.of(),
        List.of());
  }

  private List<IpAddress> enforced() {
    return List.copyOf(engine.view.names().getOrDefault("web", List.of()));
  }

  @Test
  void one_that_moved_is_enforced_at_the_next_look_at_the_kernel() throws Exception {
    seen = this::view;
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(enforced()).isEqualTo(ONE);

    dns.put("web", TWO);
    after(Duration.ofSeconds(60));
    loop.handle(posted.poll(30, TimeUnit.SECONDS));
    assertThat(enforced()).isEqualTo(TWO);

    dns.remove("web"); // for a moment, or for good
    for (int minute = 0; minute < 5; minute++) after(Duration.ofMinutes(1));
    assertThat(enforced()).isEqualTo(TWO);
  }
}
