package dev.reeve.model.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          OU=Web,DC=corp|ou=web,dc=CORP
          OU=Web,DC=corp|  OU = Web ,  DC = corp  \

          OU=Web  Servers,DC=corp|OU=web servers,DC=corp
          CN=a\\,b,DC=corp|CN=a\\2cb,DC=corp
          CN=a\\+b,DC=corp|CN=A\\2Bb,DC=corp
          CN=a\\\\b,DC=corp|CN=a\\5Cb,DC=corp
          CN=\\"q\\",DC=corp|CN=\\22q\\22,DC=corp
          CN=Bj\\C3\\B6rn,DC=corp|CN=BJÖRN,DC=corp
          CN=Björn,DC=corp|CN=Bjo\u0308rn,DC=corp
          CN=Straße,DC=corp|CN=STRASSE,DC=corp
          CN=ΟΔΟΣ,DC=corp|CN=οδος,DC=corp
          CN=a=b,DC=corp|CN=a\\=b,DC=corp
          CN=a\\ ,DC=corp|CN=a,DC=corp
          CN=\\ a,DC=corp|CN=a,DC=corp
          CN=a+OU=b,DC=corp|OU=B + CN=A,DC=corp
          OID.2.5.4.3=a,DC=corp|2.5.4.3=a,DC=corp
          CN=\\#1,DC=corp|CN=\\231,DC=corp
          """)
  void the_same_name_written_in_two_ways(String one, String other) {
    assertThat(Dn.parse(one)).isEqualTo(Dn.parse(other)).hasSameHashCodeAs(Dn.parse(other));
    assertThat(Dn.parse(one).compareTo(Dn.parse(other))).isZero();
    assertThat(Dn.parse(one).key()).isEqualTo(Dn.parse(other).key());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CN=a\\,DC=b,DC=corp | CN=a,DC=b,DC=corp
          CN=a\\+OU=b,DC=corp | CN=a+OU=b,DC=corp
          CN=a,DC=corp        | OU=a,DC=corp
          CN=a,DC=corp        | CN=a,DC=corp,DC=com
          CN=ab,DC=corp       | CN=a b,DC=corp
          CN=\\#01,DC=corp    | CN=#01,DC=corp
          """)
  void different_names(String one, String other) {
    assertThat(Dn.parse(one)).isNotEqualTo(Dn.parse(other));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "corp",
        "DC=",
        "DC= ",
        "=corp",
        "DC=corp,",
        ",DC=corp",
        "DC=a,,DC=b",
        "DC=corp\\",
        "CN=\\C3,DC=corp",
        "CN=\\FF\\FF,DC=corp",
        "CN=\"a\",DC=corp",
        "CN=a;DC=corp",
        "CN=a<b,DC=corp",
        "CN=a>b,DC=corp",
        "C N=a,DC=corp",
        "CN=a+,DC=corp",
        "CN=a+b,DC=corp",
        "CN=a\0b,DC=corp",
        "Ω=a",
        "CN=a,",
        "+",
        "\\",
        "CN=a\\4",
        "CN=#xyz,DC=corp",
        "CN=#1,DC=corp"
      })
  void what_is_no_name_is_refused(String text) {
    assertThatThrownBy(() -> Dn.parse(text))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("DN '");
    assertThat(Dn.find(text)).isEmpty();
  }

  @Test
  void an_error_shows_a_bounded_piece_of_the_text() {
    assertThatThrownBy(() -> Dn.parse("x".repeat(1_000_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @Test
  void keeps_the_text_it_was_written_with() {
    assertThat(Dn.parse(" OU=Web Servers , DC=Corp ")).hasToString("OU=Web Servers , DC=Corp");
    assertThat(Dn.parse("\n DC=corp\t\n")).isEqualTo(Dn.parse("DC=corp")).hasToString("DC=corp");
  }

  @Test
  void an_escaped_space_at_the_end_stays_part_of_the_text() {
    Dn dn = Dn.parse("OU=Web,DC=corp\\ ");

    assertThat(Dn.parse(dn.toString())).isEqualTo(dn);
    assertThat(dn.parent().orElseThrow().child("OU", "x").parent()).isEqualTo(dn.parent());
    assertThat(dn.parent().orElseThrow()).hasToString("DC=corp\\ ");
    assertThat(dn.parent().orElseThrow().name()).isEqualTo("corp ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CN=web\\,01,OU=Web,DC=corp | cn | web,01 | OU=Web,DC=corp | 3
          CN=Bj\\C3\\B6rn,DC=corp    | cn | Björn  | DC=corp        | 2
          OU=a\\\\,DC=corp           | ou | a\\    | DC=corp        | 2
          CN=10.1.0.0/16,DC=corp     | cn | 10.1.0.0/16 | DC=corp   | 2
          """)
  void takes_a_name_apart(String text, String attribute, String name, String parent, int depth) {
    Dn dn = Dn.parse(text);

    assertThat(dn.attribute()).isEqualTo(attribute);
    assertThat(dn.name()).isEqualTo(name);
    assertThat(dn.parent()).contains(Dn.parse(parent));
    assertThat(dn.depth()).isEqualTo(depth);
  }

  @Test
  void the_top_has_no_parent() {
    assertThat(Dn.parse("DC=corp").parent()).isEmpty();
  }

  @Test
  void a_multi_valued_rdn_is_named_by_each_of_its_attributes() {
    Dn dn = Dn.parse("OU=Web+L=Paris,DC=corp");

    assertThat(dn.isNamedBy("ou")).isTrue();
    assertThat(dn.isNamedBy("l")).isTrue();
    assertThat(dn.isNamedBy("dc")).isFalse();
    assertThat(Dn.parse("CN=a\\+ou=b,DC=corp").isNamedBy("ou")).isFalse();
    assertThat(dn.depth()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OU=Web,DC=corp           | DC=corp      | true
          DC=corp                  | DC=corp      | true
          DC=corp                  | OU=Web,DC=corp | false
          OU=Web,DC=mycorp         | DC=corp      | false
          CN=a\\,DC=corp           | DC=corp      | false
          CN=a\\\\,DC=corp         | DC=corp      | true
          CN=a\\2CDC=corp          | DC=corp      | false
          CN=x,OU=a\\,b,DC=corp    | ou=A\\2Cb,dc=corp | true
          CN=x,OU=a\\,b,DC=corp    | OU=b,DC=corp | false
          """)
  void is_under_counts_whole_names(String name, String ancestor, boolean under) {
    assertThat(Dn.parse(name).isUnder(Dn.parse(ancestor))).isEqualTo(under);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CN=x,OU=a,DC=corp           | OU=a,DC=corp      | OU=b,DC=corp        | CN=x,OU=b,DC=corp
          OU=a,DC=corp                | OU=a,DC=corp      | OU=b,OU=c,DC=corp   | OU=b,OU=c,DC=corp
          CN=x, OU = Y,ou=A , dc=Corp | OU=a,DC=corp      | OU=b,DC=corp        | CN=x, OU = Y,OU=b,DC=corp
          CN=a\\,b,OU=a\\,b,DC=corp   | OU=a\\2Cb,DC=corp  | OU=\\+,DC=corp      | CN=a\\,b,OU=\\+,DC=corp
          OU=a,DC=corp                | OU=a,DC=corp      | OU=A,DC=corp        | OU=A,DC=corp
          """)
  void what_is_below_a_renamed_entry_goes_with_it(
      String name, String from, String to, String moved) {
    Dn result = Dn.parse(name).moved(Dn.parse(from), Dn.parse(to));

    assertThat(result).hasToString(moved).isEqualTo(Dn.parse(moved));
    assertThat(result.key()).isEqualTo(Dn.parse(moved).key());
  }

  static IntStream seeds() {
    return IntStream.range(0, 500);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_child_of_any_name_reads_back(int seed) {
    var random = new Random(seed);
    String value = value(random);
    Dn parent = Dn.parse("OU=a\\,b,DC=corp").child("OU", value(random));
    Dn child = parent.child("CN", value);

    assertThat(child.name()).isEqualTo(value);
    assertThat(child.parent()).contains(parent);
    assertThat(child.isUnder(parent)).isTrue();
    assertThat(child.depth()).isEqualTo(4);
    assertThat(Dn.parse(child.toString())).isEqualTo(child);
    assertThat(Dn.parse(child.toString().toUpperCase(Locale.ROOT))).isEqualTo(child);
    assertThat(Dn.parse(hexEscaped(value, parent))).isEqualTo(child);
  }

  private static String value(Random random) {
    List<String> pieces =
        List.of(
            " ", ",", "+", "\"", "\\", "<", ">", ";", "=", "#", "a", "B", "é", "Ж", "字", "😀", "0",
            "\0");
    var out = new StringBuilder();
    while (out.toString().isBlank() || random.nextInt(6) > 0) {
      out.append(pieces.get(random.nextInt(pieces.size())));
    }
    return out.toString();
  }

  private static String hexEscaped(String value, Dn parent) {
    var out = new StringBuilder("cn=");
    for (byte b : value.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      out.append('\\').append(String.format(Locale.ROOT, "%02x", b));
    }
    return out + " , " + parent;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void hostile_text_is_read_or_refused_and_nothing_else(int seed) {
    var random = new Random(seed);
    String alphabet = "cnou=,+\\\"#;<> \n\0aZ0f\u00e9\ud83d\ude00";
    var text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    Dn.find(text.toString())
        .ifPresent(dn -> {
          assertThat(Dn.parse(dn.toString())).isEqualTo(dn);
          assertThat(dn.isUnder(dn)).isTrue();
          assertThat(dn.name()).isNotNull();
          dn.parent()
              .ifPresent(parent -> {
                assertThat(dn.isUnder(parent)).isTrue();
                assertThat(parent.depth()).isEqualTo(dn.depth() - 1);
                assertThat(Dn.parse(parent.toString())).isEqualTo(parent);
              });
        });
  }

  @Test
  void a_child_may_have_a_zero_in_its_name() {
    String value = Dn.parse("CN=a\\00b,DC=corp").name();
    assertThat(value).isEqualTo("a\0b");
    assertThat(Dn.parse("DC=corp").child("CN", value)).isEqualTo(Dn.parse("CN=a\\00b,DC=corp"));
  }

  @Test
  void a_name_with_very_many_escapes_is_read_in_one_pass() {
    String value = "x\\41".repeat(100_000);
    assertThat(Dn.parse("CN=" + value + ",DC=x").name()).isEqualTo("xA".repeat(100_000));
  }
}
