package dev.reeve.model.gp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SharedMapTest {

  /// Hashes that meet: all bits, the first bits, or none but the last.
  private record Key(int number, int hash) {
    @Override
    public int hashCode() {
      return hash;
    }
  }

  private static Key key(Random random) {
    int number = random.nextInt(60);
    int hash =
        switch (number % 4) {
          case 0 -> 7;
          case 1 -> number << 30 | 7;
          case 2 -> number << 10;
          default -> number * 0x9E3779B9;
        };
    return new Key(number, hash);
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void it_is_a_map_and_leaves_its_earlier_copies_alone(int seed) {
    var random = new Random(seed);
    var expected = new HashMap<Key, Object>();
    SharedMap<Key, Object> map = SharedMap.of();
    Map<Key, Object> early = Map.of();
    SharedMap<Key, Object> earlyMap = map;
    for (int step = 0; step < 300; step++) {
      if (step == random.nextInt(300)) {
        early = Map.copyOf(expected);
        earlyMap = map;
      }
      Key key = key(random);
      if (random.nextInt(3) > 0) {
        Object value = new Object();
        expected.put(key, value);
        map = map.with(key, value);
      } else {
        expected.remove(key);
        map = map.without(key);
      }
      assertThat(map.size()).isEqualTo(expected.size());
      assertThat(map.get(key)).isSameAs(expected.get(key));
    }
    assertThat(map).isEqualTo(expected);
    assertThat(map.keySet()).isEqualTo(expected.keySet());
    for (Key key : expected.keySet()) assertThat(map.get(key)).isSameAs(expected.get(key));
    assertThat(earlyMap).isEqualTo(early);
    for (Key key : Set.copyOf(expected.keySet())) map = map.without(key);
    assertThat(map).isEmpty();
    assertThat(map).isSameAs(SharedMap.of());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void the_difference_of_two_copies_is_what_changed(int seed) {
    var random = new Random(seed);
    SharedMap<Key, Object> one = SharedMap.of();
    for (int i = random.nextInt(40); i > 0; i--) one = one.with(key(random), new Object());
    SharedMap<Key, Object> other = random.nextInt(4) == 0 ? SharedMap.of() : one;
    for (int i = random.nextInt(10); i > 0; i--) {
      other =
          random.nextBoolean() ? other.with(key(random), new Object()) : other.without(key(random));
    }

    var expected = new HashSet<Key>();
    for (Key key : one.keySet()) if (other.get(key) != one.get(key)) expected.add(key);
    for (Key key : other.keySet()) if (!one.containsKey(key)) expected.add(key);
    var found = new java.util.ArrayList<Key>();
    one.forEachDifference(other, found::add);
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    found.clear();
    other.forEachDifference(one, found::add);
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void what_changes_nothing_is_the_same_map() {
    Key key = new Key(1, 1);
    var map = SharedMap.<Key, String>of().with(key, "a");

    assertThat(map.with(new Key(1, 1), "a")).isSameAs(map);
    assertThat(map.without(new Key(2, 1))).isSameAs(map);
    assertThat(SharedMap.copyOf(map)).isSameAs(map);
  }
}
