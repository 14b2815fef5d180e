package dev.reeve.model.ipsec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpsecJsonTest {

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void reads_what_it_wrote(int seed) {
    IpsecPolicy policy = new RandomPolicies(seed).policy();
    byte[] bytes = JsonText.writeBytes(IpsecJson.write(policy));

    IpsecPolicy read = IpsecJson.readPolicy(bytes);

    assertThat(read).isEqualTo(policy);
    assertThat(JsonText.writeBytes(IpsecJson.write(read))).isEqualTo(bytes);
  }

  static IntStream fewSeeds() {
    return IntStream.range(0, 5);
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void an_unknown_member_is_refused_wherever_it_stands(int seed) {
    JsonObject written = IpsecJson.write(new RandomPolicies(seed).policy());
    List<JsonValue> spoilt = everyObject(written, object -> with(object, "later", JsonValue.of(1)));

    assertThat(spoilt).isNotEmpty();
    for (JsonValue document : spoilt) {
      assertThatThrownBy(() -> IpsecJson.readPolicy(JsonText.writeBytes(document)))
          .as(document.toString())
          .isExactlyInstanceOf(JsonException.class)
          .hasMessageContaining("unknown member 'later'");
    }
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void damaged_members_are_refused_with_their_path_or_read(int seed) {
    JsonObject written = IpsecJson.write(new RandomPolicies(seed).policy());
    List<JsonValue> junk =
        List.of(
            JsonValue.of(""),
            JsonValue.of("x"),
            JsonValue.of(-1),
            JsonValue.of(Long.MAX_VALUE),
            JsonValue.of(true),
            JsonValue.JsonNull.NULL,
            new JsonArray(List.of(JsonValue.of("x"))),
            new JsonObject(new LinkedHashMap<>()));
    for (JsonValue wrong : junk) {
      for (JsonValue document : everyMember(written, wrong)) {
        try {
          IpsecPolicy read = IpsecJson.readPolicy(JsonText.writeBytes(document));
          assertThat(IpsecJson.readPolicy(JsonText.writeBytes(IpsecJson.write(read))))
              .isEqualTo(read);
        } catch (JsonException refused) {
          assertThat(refused).hasMessageStartingWith("$");
        }
      }
    }
  }

  /// The document again and again, each time with one of its objects changed.
  private static List<JsonValue> everyObject(JsonValue value, UnaryOperator<JsonObject> change) {
    var found = new ArrayList<JsonValue>();
    switch (value) {
      case JsonObject object -> {
        found.add(change.apply(object));
        object
            .members()
            .forEach((name, member) ->
                everyObject(member, change).forEach(m -> found.add(with(object, name, m))));
      }
      case JsonArray(var items) -> {
        for (int i = 0; i < items.size(); i++) {
          for (JsonValue item : everyObject(items.get(i), change)) {
            var copy = new ArrayList<>(items);
            copy.set(i, item);
            found.add(new JsonArray(copy));
          }
        }
      }
      default -> {}
    }
    return found;
  }

  private static List<JsonValue> everyMember(JsonObject document, JsonValue wrong) {
    var found = new ArrayList<JsonValue>();
    for (int at = 0; at < 9; at++) {
      int index = at;
      found.addAll(
          everyObject(
              document,
              object -> {
                var names = List.copyOf(object.members().keySet());
                return index < names.size() ? with(object, names.get(index), wrong) : object;
              }));
    }
    return found;
  }

  private static JsonObject with(JsonObject object, String name, JsonValue value) {
    var members = new LinkedHashMap<>(object.members());
    members.put(name, value);
    return new JsonObject(members);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rules", "mainMode", "pollingSeconds", "id", "name", "description", "v"})
  void nothing_of_a_policy_may_be_left_out(String name) {
    var members = new LinkedHashMap<>(IpsecJson.write(new RandomPolicies(1).policy()).members());
    members.remove(name);

    assertThatThrownBy(() -> IpsecJson.readPolicy(JsonText.writeBytes(new JsonObject(members))))
        .isExactlyInstanceOf(JsonException.class)
        .hasMessage("$: member '" + name + "' is missing");
  }

  @Test
  void a_filter_list_without_filters_is_not_an_empty_one() {
    JsonMembers in =
        JsonMembers.of("$", JsonText.parse("{\"id\":\"a\",\"name\":\"\",\"description\":\"\"}"));

    assertThatThrownBy(() -> IpsecJson.readFilterList(in))
        .isExactlyInstanceOf(JsonException.class)
        .hasMessage("$: member 'filters' is missing");
  }

  @Test
  void a_newer_version_is_refused() {
    JsonObject next = with(IpsecJson.write(new RandomPolicies(1).policy()), "v", JsonValue.of(2));

    assertThatThrownBy(() -> IpsecJson.readPolicy(JsonText.writeBytes(next)))
        .hasMessage("$.v: found 2, expected 1..1");
  }

  /// What could not be written and read back must not exist.
  @Test
  void times_are_whole_seconds_that_fit() {
    IpsecPolicy policy = new RandomPolicies(1).policy();
    for (Duration wrong :
        List.of(
            Duration.ZERO,
            Duration.ofSeconds(-1),
            Duration.ofMillis(500),
            Duration.ofMillis(1500),
            Duration.ofSeconds(1L << 31),
            Duration.ofSeconds(Long.MAX_VALUE))) {
      assertThatThrownBy(
              () -> new IpsecPolicy(policy.id(), "", "", wrong, policy.mainMode(), List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("polling interval");
      assertThatThrownBy(() -> new MainMode(false, 0, wrong, MainMode.DEFAULT.proposals()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("main-mode lifetime");
    }
  }
}
