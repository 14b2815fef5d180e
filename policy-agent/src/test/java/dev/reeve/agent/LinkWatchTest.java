package dev.reeve.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What makes an agent look at its host anew.
class LinkWatchTest {

  private static final String ROUTE =
      "00000000000000000000000000000000 00 00000000000000000000000000000000 00"
          + " %s 00000400 %s 00450003     eth0\n";
  private static final String GATEWAY = "fe800000000000000000000000000001";
  private static final String ANOTHER = "fe800000000000000000000000000002";

  @TempDir Path root;

  @BeforeEach
  void a_host() throws IOException {
    write("proc/net/route", "eth0 00000000 010A0A0A 0003\n");
    write("proc/net/fib_trie", "10.0.0.1\n");
    write("proc/net/if_inet6", "fe80 eth0\n");
    write("proc/net/ipv6_route", ROUTE.formatted(GATEWAY, "00000001 00000000"));
    write("etc/resolv.conf", "nameserver 10.0.0.2\n");
    write("var/lib/dhcp/dhclient.leases", "option dhcp-server-identifier 10.0.0.3;\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "proc/net/route",
    "proc/net/fib_trie",
    "proc/net/if_inet6",
    "etc/resolv.conf",
    "var/lib/dhcp/dhclient.leases",
    "var/lib/dhcp/dhclient6.leases",
    "run/systemd/netif/leases/2",
  })
  void what_changes_is_noticed(String path) throws IOException {
    var watch = new LinkWatch(root);
    long before = watch.get();
    assertThat(watch.get()).as("nothing").isEqualTo(before);
    write(path, "another, and longer than any of those before it was ever found to be\n");
    assertThat(watch.get()).isNotEqualTo(before);
  }

  @Test
  void what_is_not_there_is_a_state_too() throws IOException {
    var watch = new LinkWatch(root);
    long before = watch.get();
    Files.delete(root.resolve("etc/resolv.conf"));
    assertThat(watch.get()).isNotEqualTo(before);
  }

  /// The kernel counts there how often a route is used.
  @Test
  void another_ipv6_gateway_is_noticed_and_the_use_of_a_route_is_not() throws IOException {
    var watch = new LinkWatch(root);
    long before = watch.get();
    write("proc/net/ipv6_route", ROUTE.formatted(GATEWAY, "00000007 000000ff"));
    assertThat(watch.get()).isEqualTo(before);
    write("proc/net/ipv6_route", ROUTE.formatted(ANOTHER, "00000001 00000000"));
    assertThat(watch.get()).isNotEqualTo(before);
  }
}
