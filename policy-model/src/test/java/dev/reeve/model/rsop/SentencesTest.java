package dev.reeve.model.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.SecurityFilter.AccessList;
import dev.reeve.model.gp.SecurityFilter.Ace;
import dev.reeve.model.gp.SecurityFilter.Groups;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What people are told of each verdict: one sentence that names the entry which decided.
class SentencesTest {

  private static final String WEB_01 = "CN=web-01,OU=Web";

  /// `GPO` is the DN of the GPO `V`, `FILTER:x` that of a fact filter.
  private static final String TABLE =
      """
      V linked        | DC=corp: V   |  | applied | linked on DC=corp, link order 1
      second          | DC=corp: W V |  | applied | linked on DC=corp, link order 2
      enforced        | OU=Web: V!   |  | applied | enforced on OU=Web,DC=corp, link order 1
      link disabled   | OU=Web: V~   |  | LINK_DISABLED | the link on OU=Web,DC=corp is disabled
      blocked         | DC=corp: V   | block | INHERITANCE_BLOCKED | OU=Web,DC=corp blocks inheritance and the link is not enforced
      missing         | OU=Web: V    | V missing | GPO_MISSING | OU=Web,DC=corp links GPO, which does not exist or may not be seen
      unreadable      | OU=Web: V    | V unreadable | GPO_UNREADABLE | GPO cannot be read: no attributes
      of another time | OU=Web: V    | V version 1 | FUNCTIONALITY_VERSION | GPO has gPCFunctionalityVersion 1, expected 2
      off             | OU=Web: V    | V off | GPO_DISABLED | flags of GPO switch its computer settings off
      in no group     | OU=Web: V?   |  | SECURITY_FILTERED | GPO: the computer is in no group that reeveApplyGroup names
      a lost group    | OU=Web: V    | V filtered by a lost group | SECURITY_FILTERED | GPO is filtered by CN=Lost,OU=Groups,DC=corp, which cannot be read
      empty           | OU=Web: V    | V empty | EMPTY | the computer half of versionNumber of GPO is 0
      no row          | OU=Web: V    | V fact filtered | FACT_FILTERED | filter FILTER:never: no row for SELECT * FROM Reeve_Host WHERE os = 'none'
      filter gone     | OU=Web: V    | V fact filter missing | FACT_FILTERED | filter FILTER:gone cannot be evaluated and so denies: missing or unreadable
      """;

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = TABLE)
  void names_the_entry_that_decided(
      String what, String link, @Nullable String but, String outcome, String sentence) {
    LinkVerdict verdict = verdict(link, but == null ? "" : but);

    assertThat(verdict.reason().map(Enum::name).orElse("applied")).isEqualTo(outcome);
    assertThat(verdict.because()).as(what).isEqualTo(written(sentence));
  }

  @Test
  void every_reason_has_its_sentence_in_the_table() {
    Set<String> told =
        TABLE.lines().map(line -> line.split("\\|")[3].strip()).collect(Collectors.toSet());
    assertThat(told).containsAll(Arrays.stream(Reason.values()).map(Enum::name).toList());
  }

  private static LinkVerdict verdict(String link, String but) {
    boolean blocks = but.equals("block");
    String web = link.startsWith("OU=Web") ? link.substring(link.indexOf(':') + 1) : "";
    String domain = link.startsWith("DC=corp") ? link.substring(link.indexOf(':') + 1) : "";
    TestDirectory directory =
        new TestDirectory()
            .som("DC=corp", domain)
            .som("OU=Web", (blocks ? "[block] " : "") + web)
            .computer(WEB_01)
            .but(blocks ? "" : but);
    return about(directory);
  }

  private static LinkVerdict about(TestDirectory directory) {
    return directory.resolve(WEB_01).links().stream()
        .filter(v -> v.link().gpo().equals(TestDirectory.gpoDn("V")))
        .findFirst()
        .orElseThrow();
  }

  private static String written(String sentence) {
    String text = sentence.replace("GPO", TestDirectory.gpoDn("V").toString());
    for (String filter : List.of("never", "gone"))
      text = text.replace("FILTER:" + filter, TestDirectory.factFilterDn(filter).toString());
    return text;
  }

  @Test
  void a_group_that_denies_and_the_trustee_of_an_access_list_are_named() {
    Dn denied = TestDirectory.dn("CN=Denied,OU=Groups");
    assertThat(filtered(new Groups(Set.of(), Set.of(denied))))
        .isEqualTo(written("GPO: reeveDenyGroup names CN=Denied,OU=Groups,DC=corp"));
    List<Ace> denies = List.of(new Ace(false, "S-1-5-11"));
    List<Ace> grants = List.of(new Ace(true, "S-1-5-11"));
    List<Ace> others = List.of(new Ace(true, "S-1-5-32-544"));
    assertThat(filtered(new AccessList(grants, denies)))
        .isEqualTo(written("GPO: its access list denies Apply-Group-Policy to S-1-5-11"));
    assertThat(filtered(new AccessList(grants, others)))
        .isEqualTo(
            written("GPO: its access list grants Apply-Group-Policy to nobody the computer is"));
    assertThat(filtered(new AccessList(denies, grants)))
        .isEqualTo(
            written("GPO: the computer may not read it: its access list denies Read to S-1-5-11"));
    assertThat(filtered(new AccessList(others, denies)))
        .isEqualTo(
            written(
                "GPO: the computer may not read it: its access list grants Read to nobody the"
                    + " computer is"));
  }

  private static String filtered(SecurityFilter filter) {
    TestDirectory directory =
        new TestDirectory()
            .som("DC=corp", "V")
            .som("OU=Web", "")
            .computer(WEB_01)
            .group("Denied", WEB_01)
            .gpo("V", g -> TestDirectory.with(g, filter));
    assertThat(about(directory).reason()).isEqualTo(Optional.of(Reason.SECURITY_FILTERED));
    return about(directory).because();
  }

  @Test
  void a_query_that_cannot_be_evaluated_is_quoted_with_what_is_wrong() {
    TestDirectory directory =
        new TestDirectory()
            .som("DC=corp", "V")
            .som("OU=Web", "")
            .computer(WEB_01)
            .factFilter("never", "SELECT * FROM Win32_Toaster")
            .gpo(
                "V",
                g ->
                    TestDirectory.with(
                        g,
                        g.settings().values(),
                        Optional.of(TestDirectory.factFilterDn("never"))));

    assertThat(about(directory).because())
        .isEqualTo(
            written(
                "filter FILTER:never cannot be evaluated and so denies: SELECT * FROM Win32_Toaster:"
                    + " class Win32_Toaster is nothing that hosts report"));
  }
}
