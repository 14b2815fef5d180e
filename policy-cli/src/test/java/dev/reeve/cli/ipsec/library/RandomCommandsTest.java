package dev.reeve.cli.ipsec.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.cli.ipsec.netsh.ScriptLine;
import dev.reeve.model.json.JsonText;
import dev.reeve.schema.exchange.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Commands out of a hat: sense and nonsense in any order.
class RandomCommandsTest {

  private static final List<String> NAMES = List.of("A", "B", "b", "All IP", "{x}", "all", "");
  private static final List<String> VALUES =
      List.of(
          "yes",
          "no",
          "me",
          "any",
          "10.0.0.0/8",
          "10.0.0.1-10.0.0.9",
          "fe80::1",
          "host.example",
          "tcp",
          "TCP",
          "17",
          "icmp",
          "80",
          "0",
          "1000-2000",
          "permit",
          "block",
          "negotiate",
          "lan",
          "dialup",
          "3DES-SHA1-2",
          "AES256GCM-SHA384-ECP384 AES-SHA1-3",
          "ESP[AES,SHA1]:100000k/3600s",
          "AH[SHA256]",
          "ESP[None,None]",
          "ESP[",
          "255.255.0.0",
          "24",
          "-1",
          "999999999999",
          "ü",
          "\u0000",
          "CN=CA certmap:yes",
          "CN=CA excludecaname:yes",
          "k");
  private static final List<String> TAGS =
      List.of(
          "name",
          "newname",
          "guid",
          "id",
          "policy",
          "filterlist",
          "filteraction",
          "srcaddr",
          "dstaddr",
          "protocol",
          "srcport",
          "dstport",
          "srcmask",
          "dstmask",
          "mirrored",
          "description",
          "mmpfs",
          "qmpermm",
          "mmlifetime",
          "activatedefaultrule",
          "pollinginterval",
          "assign",
          "mmsecmethods",
          "qmpfs",
          "inpass",
          "soft",
          "action",
          "qmsecmethods",
          "tunnel",
          "conntype",
          "activate",
          "kerberos",
          "psk",
          "rootca",
          "sr",
          "=");

  /// The commands whose names the others need, so that most of them find something.
  private static final List<String> SENSE =
      List.of(
          "add policy A",
          "add policy B assign=yes",
          "add filterlist A",
          "add filterlist B",
          "add filter A me any protocol=tcp dstport=80",
          "add filter B any me",
          "add filteraction A action=permit",
          "add filteraction B action=negotiate soft=yes",
          "add rule A A A A",
          "add rule B A B B",
          "add rule A B B A",
          "add rule B B A B psk=k",
          "set filteraction A action=negotiate",
          "set filteraction B newname=C",
          "set filteraction C newname=B",
          "set filterlist A newname=C",
          "set filterlist C newname=A",
          "set policy A assign=yes",
          "set policy A assign=no",
          "set policy A newname=B",
          "set rule A A filterlist=B filteraction=B",
          "set defaultrule A activate=no",
          "delete rule A A",
          "delete filter A me any protocol=tcp dstport=80",
          "delete filterlist A",
          "delete filteraction A",
          "delete policy B",
          "delete rule all A",
          "delete all");

  static List<Long> seeds() {
    int count = Boolean.getBoolean("reeve.full") ? 5000 : 200;
    return IntStream.range(0, count).mapToObj(i -> 7919L * i + 1).toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void leave_a_library_that_is_whole_and_survives_its_text(long seed) {
    var random = new Random(seed);
    var keys = new Keys();
    var commands = new LibraryCommands(keys, Optional.empty());
    PolicyLibrary library = PolicyLibrary.EMPTY;
    for (int i = 0; i < 60; i++) {
      List<String> words = random.nextInt(4) > 0 ? sense(random) : nonsense(random);
      try {
        library = commands.run(library, words);
      } catch (LibraryException | IllegalArgumentException e) {
        assertThat(e.getMessage()).as(words.toString()).isNotBlank();
      }
      assertWhole(library, words);
    }
    byte[] text = JsonText.writeBytes(LibraryJson.write(library, keys, true).document());
    PolicyLibrary read = LibraryJson.read(text, keys);
    assertThat(read.lists()).containsExactlyElementsOf(library.lists());
    assertThat(read.actions()).containsExactlyElementsOf(library.actions());
    assertThat(read.policies()).containsExactlyInAnyOrderElementsOf(library.policies());
    assertThat(read.assigned()).isEqualTo(library.assigned());
  }

  private static List<String> sense(Random random) {
    return ScriptLine.words(SENSE.get(random.nextInt(SENSE.size())));
  }

  private static List<String> nonsense(Random random) {
    var words = new ArrayList<String>();
    words.add(List.of("add", "set", "delete").get(random.nextInt(3)));
    List<String> kinds =
        List.of(
            "policy", "rule", "filterlist", "filter", "filteraction", "defaultrule", "all", "x");
    words.add(kinds.get(random.nextInt(kinds.size())));
    for (int i = random.nextInt(8); i > 0; i--) {
      String value = random.nextBoolean() ? pick(NAMES, random) : pick(VALUES, random);
      words.add(random.nextInt(4) == 0 ? value : pick(TAGS, random) + "=" + value);
    }
    return words;
  }

  private static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private static void assertWhole(PolicyLibrary library, List<String> after) {
    for (var policy : library.policies()) {
      for (var rule : policy.rules()) {
        if (rule.isDefaultResponse()) continue;
        assertThat(library.lists()).as("%s", after).contains(rule.filters().orElseThrow());
        assertThat(library.actions().stream().map(PolicyLibrary.NamedAction::action))
            .as("%s", after)
            .contains(rule.action());
      }
    }
    library
        .assigned()
        .ifPresent(
            id -> assertThat(library.policies()).as("%s", after).anyMatch(p -> p.id().equals(id)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void words_of_a_line_are_what_was_quoted(long seed) {
    var random = new Random(seed);
    var wanted = new ArrayList<String>();
    var line = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      String word = "w" + pick(VALUES, random);
      wanted.add(word);
      line.append(" ".repeat(1 + random.nextInt(3)));
      boolean quoted = word.chars().anyMatch(Character::isWhitespace) || random.nextBoolean();
      line.append(quoted ? "\"" + word + "\"" : word);
    }
    assertThat(ScriptLine.words(line.toString())).isEqualTo(wanted);
  }
}
