package dev.reeve.model.spd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.Spd.Decision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpdPropertyTest {

  static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void the_order_of_rules_and_filters_means_nothing(int seed) {
    var random = new Random(seed);
    List<IpsecRule> rules = RandomPolicy.rules(random, 12);
    var shuffled = new ArrayList<IpsecRule>();
    for (IpsecRule rule : rules) shuffled.add(shuffled(rule, random));
    Collections.shuffle(shuffled, random);

    assertThat(compile(shuffled)).isEqualTo(compile(rules));
    assertThat(compile(shuffled).toText()).isEqualTo(compile(rules).toText());
  }

  private static Spd compile(List<IpsecRule> rules) {
    return SymbolicSpd.of(TestPolicy.domain(rules)).resolve(RandomPolicy.VIEW);
  }

  private static IpsecRule shuffled(IpsecRule rule, Random random) {
    FilterList list = rule.filters().orElseThrow();
    var filters = new ArrayList<>(list.filters());
    filters.add(RandomPolicy.pick(random, list.filters())); // one twice means nothing either
    Collections.shuffle(filters, random);
    return new IpsecRule(
        rule.id(),
        rule.name(),
        rule.description(),
        rule.active(),
        Optional.of(new FilterList(list.id(), list.name(), list.description(), filters)),
        rule.action(),
        rule.authentication(),
        rule.tunnel(),
        rule.networkType());
  }

  /// The oracle reads the policy itself: of all filters that match, the one of the greatest weight,
  /// then of the strictest action. It knows nothing of entries and their order.
  @ParameterizedTest
  @MethodSource("seeds")
  void lookup_is_the_most_specific_match(int seed) {
    var random = new Random(seed);
    List<IpsecRule> rules = RandomPolicy.rules(random, 12);
    Spd spd = compile(rules);
    for (int i = 0; i < 100; i++) {
      Packet packet = RandomPolicy.packet(random);
      Decision decision = spd.lookup(packet);
      if (decision instanceof Decision.Exempt(var exemption)) {
        assertThat(exemption.matches(packet)).isTrue();
        continue;
      }
      assertThat(answer(decision))
          .as(packet + "\n" + spd.toText())
          .isEqualTo(oracle(rules, packet));
    }
  }

  private static String answer(Decision decision) {
    return decision instanceof Decision.Matched(var entry)
        ? entry.weight() + " " + entry.action().strictness()
        : "delivered";
  }

  private static String oracle(List<IpsecRule> rules, Packet packet) {
    Weight best = null;
    int strictest = -1;
    for (IpsecRule rule : rules) {
      for (Filter filter : rule.filters().orElseThrow().filters()) {
        boolean match =
            means(filter, rule, packet)
                || filter.mirrored() && means(filter.reversed(), rule, packet);
        if (!match) continue;
        Weight weight = Weight.of(filter, rule.networkType());
        int strictness =
            SymbolicSpd.of(TestPolicy.domain(List.of(rule)))
                .entries()
                .getFirst()
                .action()
                .strictness();
        int compared = best == null ? 1 : weight.compareTo(best);
        if (compared > 0) strictest = -1;
        if (compared >= 0) {
          best = weight;
          strictest = Math.max(strictest, strictness);
        }
      }
    }
    return best == null ? "delivered" : best + " " + strictest;
  }

  private static boolean means(Filter filter, IpsecRule rule, Packet packet) {
    return means(filter.source().toString(), packet.source(), packet.sourceLocal())
        && means(filter.destination().toString(), packet.destination(), packet.destinationLocal())
        && (filter.protocol().isAny() || filter.protocol().equals(packet.protocol()))
        && filter.sourcePorts().contains(packet.sourcePort())
        && filter.destinationPorts().contains(packet.destinationPort())
        && switch (rule.networkType()) {
          case ALL -> true;
          case LAN -> true; // every random packet is on a LAN
          case REMOTE -> false;
        };
  }

  private static boolean means(String spec, IpAddress address, boolean local) {
    return switch (spec) {
      case "me" -> local;
      case "any" -> true;
      case "dns" -> List.of("10.0.0.53", "2001:db8::53").contains(address.toString());
      case "dhcp" -> address.toString().equals("10.0.0.67");
      case "gateway" -> address.toString().equals("10.0.0.254");
      case "name:web" -> List.of("10.0.0.2", "2001:db8::2").contains(address.toString());
      case "name:gone", "wins" -> false;
      case "10.0.0.0/24", "10.0.0.0/8" -> address.toString().startsWith("10.0.0.");
      case "10.0.0.0/30" ->
          List.of("10.0.0.1", "10.0.0.2", "10.0.0.3").contains(address.toString());
      case "10.0.0.2-10.0.0.5" ->
          List.of("10.0.0.2", "10.0.0.3", "10.0.0.4").contains(address.toString());
      case "2001:db8::/32" -> address.toString().startsWith("2001:db8::");
      case "2001:db8::2-2001:db8::9" ->
          List.of("2001:db8::2", "2001:db8::3", "2001:db8::9").contains(address.toString());
      default -> spec.equals(address.toString());
    };
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_mirrored_filter_treats_both_directions_alike(int seed) {
    var random = new Random(seed);
    var mirrored = new ArrayList<IpsecRule>();
    for (IpsecRule rule : RandomPolicy.rules(random, 12)) {
      if (rule.filters().orElseThrow().filters().stream().allMatch(Filter::mirrored)) {
        mirrored.add(rule);
      }
    }
    Spd spd = compile(mirrored);
    var selectors = spd.entries().stream().map(SpdEntry::selector).collect(Collectors.toSet());
    assertThat(selectors).allSatisfy(s -> assertThat(selectors).contains(s.reversed()));
    for (int i = 0; i < 100; i++) {
      Packet packet = RandomPolicy.packet(random);
      Decision there = spd.lookup(packet);
      Decision back = spd.lookup(packet.answered());
      if (there instanceof Decision.Exempt || back instanceof Decision.Exempt) continue;
      assertThat(answer(back)).as(packet.toString()).isEqualTo(answer(there));
    }
  }
}
