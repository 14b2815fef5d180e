package dev.reeve.schema.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Problem.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GpLinkParserTest {

  private static final Dn WEB = Dn.parse("OU=Web,DC=corp,DC=example");

  // A link is written NAME, then ~ when disabled and ! when enforced; link order 1 first.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          rule                             | text                                                                | links     | problems
          the last element is link order 1 | '[LDAP://CN=A,DC=x;0][LDAP://CN=B,DC=x;0]'                         | B A       |
          bit 1 disables                   | '[LDAP://CN=A,DC=x;1]'                                             | A~        |
          bit 2 enforces                   | '[LDAP://CN=A,DC=x;2]'                                             | A!        |
          3 is disabled                    | '[LDAP://CN=A,DC=x;3]'                                             | A~!       |
          no text, no links                | ''                                                                  |           |
          a single space, no links         | ' '                                                                 |           |
          the scheme in any case           | '[ldap://cn=A,dc=x;0][Ldap://CN=B,DC=x;0]'                         | B A       |
          spaces around parts              | ' [ LDAP://CN=A,DC=x ; 2 ] [LDAP://CN=B,DC=x;0] '                  | B A!      |
          the same GPO twice               | '[LDAP://CN=A,DC=x;0][LDAP://CN=A,DC=x;2]'                         | A! A      |
          a server in the path             | '[LDAP://dc1.corp.example/CN=A,DC=x;0]'                            | A         |
          an escaped bracket and semicolon | '[LDAP://CN=A\\]\\;b,DC=x;0]'                                      | 'A];b'    |
          unknown bits, the low two count  | '[LDAP://CN=A,DC=x;6][LDAP://CN=B,DC=x;7]'                         | B~! A!    | UNKNOWN_LINK_OPTION UNKNOWN_LINK_OPTION
          no option                        | '[LDAP://CN=A,DC=x][LDAP://CN=B,DC=x;0]'                           | B         | MALFORMED_LINK
          an empty option                  | '[LDAP://CN=A,DC=x;][LDAP://CN=B,DC=x;0]'                          | B         | MALFORMED_LINK
          an option that is no number      | '[LDAP://CN=A,DC=x;on]'                                            |           | MALFORMED_LINK
          no DN                            | '[LDAP://;0][LDAP://nonsense;0]'                                   |           | MALFORMED_LINK MALFORMED_LINK
          another scheme                   | '[http://CN=A,DC=x;0]'                                             |           | MALFORMED_LINK
          an element that never ends       | '[LDAP://CN=A,DC=x;0][LDAP://CN=B'                                 | A         | MALFORMED_LINK
          an open bracket before a link    | '[LDAP://CN=A,DC=x[LDAP://CN=B,DC=x;0]'                            | B         | MALFORMED_LINK
          text between links               | '[LDAP://CN=A,DC=x;0]and[LDAP://CN=B,DC=x;0]'                      | B A       | MALFORMED_LINK
          empty brackets                   | '[][LDAP://CN=B,DC=x;0]'                                           | B         | MALFORMED_LINK
          """)
  void reads_links(String rule, String text, String links, String problems) {
    var read = GpLinkParser.parse(WEB, text);

    assertThat(read.links().stream().map(GpLinkParserTest::shown).collect(Collectors.joining(" ")))
        .as(rule)
        .isEqualTo(links == null ? "" : links);
    assertThat(read.problems().stream().map(p -> p.code().name()).collect(Collectors.joining(" ")))
        .isEqualTo(problems == null ? "" : problems);
    assertThat(read.complete())
        .isEqualTo(read.problems().stream().noneMatch(p -> p.code() == Code.MALFORMED_LINK));
    assertThat(read.links().stream().map(GpLink::linkOrder))
        .isEqualTo(IntStream.rangeClosed(1, read.links().size()).boxed().toList());
  }

  private static String shown(GpLink link) {
    return link.gpo().name() + (link.enabled() ? "" : "~") + (link.enforced() ? "!" : "");
  }

  @Test
  void a_problem_names_container_and_element() {
    var read =
        GpLinkParser.parse(WEB, "[LDAP://CN=A,DC=x;0][LDAP://CN=B,DC=x;0][LDAP://CN=C,DC=x;7]");
    assertThat(read.problems())
        .containsExactly(
            new Problem(
                "OU=Web,DC=corp,DC=example",
                "gPLink",
                Code.UNKNOWN_LINK_OPTION,
                "gPLink[2] has option 7, expected 0..3"));
  }

  @Test
  void a_megabyte_of_nonsense_is_told_in_a_few_lines() {
    var read = GpLinkParser.parse(WEB, "[".repeat(1 << 20) + "[LDAP://CN=A,DC=x;0]");
    assertThat(read.links()).hasSize(1);
    assertThat(read.problems()).hasSize(51);
    assertThat(read.problems().getLast().detail()).isEqualTo("has 1048526 more such problems");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noise_loses_no_well_formed_element(long seed) {
    var random = new Random(seed);
    var text = new StringBuilder();
    List<Dn> meant = new ArrayList<>();
    int elements = random.nextInt(12);
    for (int i = 0; i < elements; i++) {
      if (random.nextInt(3) == 0) text.append(noise(random));
      Dn gpo = Dn.parse("CN={" + i + "-" + random.nextInt(1000) + "},CN=Policies,DC=corp");
      meant.addFirst(gpo);
      text.append("[LDAP://").append(gpo).append(';').append(random.nextInt(4)).append(']');
    }
    if (random.nextBoolean()) text.append(noise(random));

    var read = GpLinkParser.parse(WEB, text.toString());

    assertThat(read.links().stream().map(GpLink::gpo)).as(text.toString()).containsAll(meant);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void no_text_makes_it_fail(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      var text = new StringBuilder();
      int parts = random.nextInt(40);
      for (int j = 0; j < parts; j++)
        text.append(PARTS.get(random.nextInt(PARTS.size()))).append((char) random.nextInt(0x3000));
      GpLinkParser.parse(WEB, text.toString());
    }
  }

  private static final List<String> PARTS =
      List.of("[", "]", "LDAP://", ";", "CN=A", ",", "\\", "0", "7", " ", "DC=x", "\\5D", "=");

  /// Anything that is not itself a link and does not escape the bracket behind it.
  private static String noise(Random random) {
    var noise = new StringBuilder();
    int parts = 1 + random.nextInt(5);
    for (int i = 0; i < parts; i++) noise.append(PARTS.get(random.nextInt(PARTS.size())));
    while (!noise.isEmpty() && noise.charAt(noise.length() - 1) == '\\')
      noise.setLength(noise.length() - 1);
    return noise.toString();
  }

  static IntStream seeds() {
    return IntStream.range(0, 300);
  }
}
