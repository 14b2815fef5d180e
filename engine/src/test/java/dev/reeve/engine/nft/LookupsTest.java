package dev.reeve.engine.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Packet;
import dev.reeve.model.spd.SpdEntry;
import dev.reeve.model.spd.SymbolicSpd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The entries one by one are the oracle of the look-ups.
class LookupsTest {

  private static final List<String> ENDS =
      List.of(
          "me",
          "any",
          "10.0.0.1",
          "10.0.0.2",
          "10.0.0.0/24",
          "10.0.1.0/24",
          "10.0.0.0/16",
          "10.0.0.1-10.0.0.9",
          "10.0.0.5-10.0.1.7",
          "2001:db8::1",
          "2001:db8::/64",
          "2001:db8::1-2001:db8::9",
          "0.0.0.0/0");
  private static final List<String> PORTS =
      List.of("", "", "#80", "#81", "#80-89", "#85-99", "#70-200");
  private static final List<String> ADDRESSES =
      List.of("10.0.0.1", "10.0.0.2", "10.0.0.7", "10.0.1.1", "10.9.9.9", "2001:db8::1", "2001::7");
  private static final List<Integer> NUMBERS = List.of(80, 81, 86, 95, 150, 4000);

  static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decide_every_packet_as_the_entries_do(int seed) {
    var random = new Random(seed);
    List<SpdEntry> entries = entries(random, 1 + random.nextInt(60));
    List<Lookups.Lookup> lookups = Lookups.of(entries, LookupsTest::target);

    for (int i = 0; i < 3000; i++) {
      Packet packet = packet(random);
      if (packet.sourceLocal() && packet.destinationLocal()) continue; // stays on loopback
      Optional<Object> one =
          entries.stream().filter(e -> matches(e, packet)).findFirst().map(LookupsTest::target);
      Optional<Object> packed =
          lookups.stream()
              .map(lookup -> hits(lookup, packet))
              .filter(hits -> !hits.isEmpty())
              .findFirst()
              .map(hits -> target(hits.getFirst()));
      assertThat(packed).as("%s of seed %d", packet, seed).isEqualTo(one);
    }
  }

  private static List<SpdEntry> hits(Lookups.Lookup lookup, Packet packet) {
    List<SpdEntry> hits = lookup.entries().stream().filter(e -> matches(e, packet)).toList();
    assertThat(hits).as("a map has one answer").hasSizeLessThan(2);
    assertThat(lookup.entries()).allMatch(e -> e.selector().shape().equals(lookup.shape()));
    return hits;
  }

  private static boolean matches(SpdEntry entry, Packet packet) {
    return entry.selector().matches(packet);
  }

  private static Object target(SpdEntry entry) {
    return entry.origin().ruleId();
  }

  private static List<SpdEntry> entries(Random random, int count) {
    var rules = new ArrayList<String>();
    var words = List.of("permit", "block", "require", "request", "pass-through");
    while (rules.size() < count) {
      String rule =
          "%s %s %s %s"
              .formatted(
                  pick(words, random),
                  pick(ENDS, random),
                  random.nextBoolean() ? "<>" : ">",
                  pick(ENDS, random));
      if (random.nextInt(3) > 0) rule = withPorts(rule, random);
      if (random.nextInt(8) == 0) rule += " on lan";
      try {
        TestPolicies.rule("{X}", rule);
        rules.add(rule);
      } catch (IllegalArgumentException e) {
        // mixes the families; another one
      }
    }
    return SymbolicSpd.of(TestPolicies.of(rules.toArray(String[]::new)))
        .resolve(HostView.NONE)
        .entries();
  }

  private static String withPorts(String rule, Random random) {
    String[] words = rule.split(" ");
    return "%s %s%s %s %s%s %s"
        .formatted(
            words[0],
            words[1],
            pick(PORTS, random),
            words[2],
            words[3],
            pick(PORTS, random),
            pick(List.of("tcp", "udp"), random));
  }

  private static Packet packet(Random random) {
    boolean out = random.nextBoolean();
    boolean forwarded = random.nextInt(4) == 0;
    IpAddress source = IpAddress.parse(pick(ADDRESSES, random));
    List<IpAddress> others =
        ADDRESSES.stream()
            .map(IpAddress::parse)
            .filter(a -> a.family() == source.family())
            .toList();
    return new Packet(
        forwarded ? Packet.Way.FORWARDED : out ? Packet.Way.OUTBOUND : Packet.Way.INBOUND,
        source,
        pick(others, random),
        random.nextInt(5) == 0
            ? IpProtocol.ICMP
            : random.nextBoolean() ? IpProtocol.TCP : IpProtocol.UDP,
        pick(NUMBERS, random),
        pick(NUMBERS, random),
        !forwarded && out,
        !forwarded && !out,
        false,
        NetworkType.LAN);
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  /// What a packet costs follows the shapes, not the filters.
  @Test
  void ten_thousand_filters_of_six_shapes_are_twelve_lookups() {
    var rules = new ArrayList<String>();
    for (int i = 0; i < 10_000; i++) {
      String peer = "10.%d.%d.%d".formatted(i % 7, i / 250, i % 250);
      String net = "172.%d.%d.0/24".formatted(16 + i % 3, i / 50);
      String action = i % 10 == 0 ? "require" : i % 3 == 0 ? "block" : "permit";
      rules.add(
          action
              + " me"
              + switch (i % 6) {
                case 0 -> " <> " + peer;
                case 1 -> " <> " + peer + " tcp";
                case 2 -> "#" + (1 + i % 60_000) + " <> any tcp";
                case 3 -> " <> " + net;
                case 4 -> "#" + (1 + i % 60_000) + " <> " + peer + " udp";
                default -> "#100-200 <> " + net + " tcp";
              });
    }
    List<SpdEntry> entries =
        SymbolicSpd.of(TestPolicies.of(rules.toArray(String[]::new)))
            .resolve(HostView.NONE)
            .entries();

    assertThat(Lookups.of(entries, LookupsTest::target)).hasSize(12);
  }
}
