package dev.reeve.engine.ike;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.ike.IkeChild.Ends;
import dev.reeve.engine.ike.IkeChild.Kind;
import dev.reeve.engine.ike.IkeChild.Role;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IkeStateTest {

  private static final IkeChild HOUR =
      child("START ESP aes256gcm16 dynamic 10.0.0.0/8 transport 3600 100000");

  /// `ROLE KIND PROPOSAL LOCAL REMOTE MODE SECONDS KILOBYTES`
  private static IkeChild child(String text) {
    String[] words = text.split(" ");
    var ends = new Ends(IpAddress.parse("10.0.0.1"), IpAddress.parse("192.0.2.1"));
    return new IkeChild(
        7,
        Role.valueOf(words[0]),
        Kind.valueOf(words[1]),
        List.of(words[2]),
        List.of(words[3]),
        List.of(words[4]),
        words[5].equals("tunnel") ? Optional.of(ends) : Optional.empty(),
        Duration.ofSeconds(Long.parseLong(words[6])),
        Long.parseLong(words[7]));
  }

  private static IkeConnection connection(IkeChild... children) {
    return new IkeConnection(
        IkeConnection.PREFIX + "1",
        IpFamily.IPV4,
        Optional.empty(),
        new IkeAuth.SharedKey("psk-1", new IkeSecret(new byte[] {1}), Set.of()),
        List.of("aes256-sha256-modp2048"),
        Duration.ofHours(8),
        List.of(children));
  }

  /// As charon tells of them.
  private static IkeState holding(IkeConnection connection) {
    return new IkeState(
        Map.of(connection.name(), connection.children().stream().map(IkeChild::name).toList()),
        Set.of(),
        List.of(),
        Set.of());
  }

  @Test
  void what_was_told_is_held() {
    assertThat(holding(connection(HOUR)).holds(connection(HOUR))).isTrue();
    assertThat(IkeState.NONE.holds(connection(HOUR))).isFalse();
  }

  /// Of equally good children the first one answers.
  @Test
  void another_order_is_not_held() {
    IkeChild other = child("ANSWER ESP aes256gcm16 dynamic 10.0.0.0/9 transport 3600 100000");
    IkeState held = holding(connection(HOUR, other));
    assertThat(held.holds(connection(HOUR, other))).isTrue();
    assertThat(held.holds(connection(other, HOUR))).isFalse();
  }

  /// By an agent of before, perhaps, that made something else of the same rule.
  @ParameterizedTest
  @CsvSource({
    "START   ESP           aes256gcm16 dynamic     10.0.0.0/8 transport 7200 100000",
    "START   ESP           aes256gcm16 dynamic     10.0.0.0/8 transport 3600 900000",
    "START   ESP           aes128gcm16 dynamic     10.0.0.0/8 transport 3600 100000",
    "START   ESP           aes256gcm16 dynamic[6]  10.0.0.0/8 transport 3600 100000",
    "START   ESP           aes256gcm16 dynamic     10.0.0.0/9 transport 3600 100000",
    "START   ESP           aes256gcm16 dynamic     10.0.0.0/8 tunnel    3600 100000",
    "ANSWER  ESP           aes256gcm16 dynamic     10.0.0.0/8 transport 3600 100000",
    "RESPOND ESP           aes256gcm16 dynamic     10.0.0.0/8 transport 3600 100000",
    "START   AH            aes256gcm16 dynamic     10.0.0.0/8 transport 3600 100000",
    "START   AH_AROUND_ESP aes256gcm16 dynamic     10.0.0.0/8 transport 3600 100000",
  })
  void what_was_told_otherwise_is_not_held(String told) {
    IkeConnection before = connection(child(told.replaceAll(" +", " ")));
    assertThat(holding(before).holds(connection(HOUR))).isFalse();
  }
}
