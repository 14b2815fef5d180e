package dev.reeve.model.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// WQL over host facts; docs/fact-filters.md says the same to administrators.
class FactFilterTest {

  static final Map<String, String> FACTS =
      Map.of(
          "hostname", "web-01.corp.example",
          "os", "debian",
          "os.version", "12",
          "kernel", "6.1.0-18-amd64",
          "arch", "amd64",
          "address", "10.0.0.7",
          "role", "it's \"web\"",
          "cpus", "8",
          "Win32_ComputerSystem.Model", "KVM",
          "Win32_BIOS.SerialNumber", "a_b%c[d]");

  private static FactFilter filter(String namespace, String... queries) {
    return new FactFilter(
        Dn.parse("CN=f,DC=corp"),
        "f",
        Arrays.stream(queries).map(q -> new FactFilter.Query(namespace, q)).toList());
  }

  private static String ask(String... queries) {
    return shown(FactTest.ask(filter("root\\CIMv2", queries), FACTS));
  }

  private static String shown(FactTest.Answer answer) {
    return switch (answer) {
      case FactTest.Answer.Passed _ -> "row";
      case FactTest.Answer.Failed _ -> "none";
      case FactTest.Answer.NotEvaluated(var code, var detail) -> {
        assertThat(code).isEqualTo(Problem.Code.FACT_FILTER_NOT_EVALUATED);
        assertThat(detail).isNotBlank();
        yield "cannot";
      }
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # classes and properties
          SELECT * FROM Win32_OperatingSystem                                        | row
          select caption, VERSION from WIN32_operatingsystem                         | row
          SELECT * FROM Reeve_Host                                                   | row
          SELECT os FROM Facts                                                       | row
          SELECT Nonsense FROM Win32_OperatingSystem                                 | cannot
          SELECT * FROM Win32_Battery                                                | cannot
          SELECT * FROM Win32_Operating                                              | cannot
          SELECT * FROM Win32_OperatingSystem WHERE Nonsense = 'x'                   | cannot
          SELECT * FROM Reeve_Host WHERE nonsense = 'x'                              | cannot
          SELECT * FROM Win32_BIOS WHERE SerialNumber LIKE 'a%'                      | row
          SELECT * FROM Win32_BIOS WHERE Version = '1'                               | cannot
          # equality ignores case
          SELECT * FROM Win32_OperatingSystem WHERE Caption = 'Debian'               | row
          SELECT * FROM Win32_OperatingSystem WHERE Caption = "DEBIAN"               | row
          SELECT * FROM Win32_OperatingSystem WHERE Caption <> 'Debian'              | none
          SELECT * FROM Win32_OperatingSystem WHERE Caption != 'Ubuntu'              | row
          SELECT * FROM Win32_OperatingSystem WHERE 'debian' = Caption               | row
          # names of the host
          SELECT * FROM Win32_ComputerSystem WHERE Name = 'WEB-01'                   | row
          SELECT * FROM Reeve_Host WHERE hostname = 'web-01.corp.example'            | row
          SELECT * FROM Win32_ComputerSystem WHERE Model = 'kvm'                     | row
          # text that looks like a version is text, as in WMI
          SELECT * FROM Win32_OperatingSystem WHERE Version >= '10.0'                | row
          SELECT * FROM Win32_OperatingSystem WHERE Version >= '6.2'                 | none
          SELECT * FROM Win32_OperatingSystem WHERE Version >= 6.2                   | none
          SELECT * FROM Win32_OperatingSystem WHERE Version = 12                     | row
          SELECT * FROM Win32_OperatingSystem WHERE Version = 12.0                   | none
          # plain facts compare as the constant is written
          SELECT * FROM Reeve_Host WHERE os_version >= 6.2                           | row
          SELECT * FROM Reeve_Host WHERE os.version >= 6.2                           | row
          SELECT * FROM Reeve_Host WHERE os_version >= '6.2'                         | none
          SELECT * FROM Reeve_Host WHERE os_version = 12.0                           | row
          SELECT * FROM Reeve_Host WHERE 4 < cpus                                    | row
          SELECT * FROM Reeve_Host WHERE cpus > -1                                   | row
          SELECT * FROM Reeve_Host WHERE os > 1                                      | cannot
          # numbers
          SELECT * FROM Win32_Processor WHERE Architecture = 9                       | row
          SELECT * FROM Win32_Processor WHERE Architecture = '9'                     | row
          SELECT * FROM Win32_Processor WHERE AddressWidth = 64 AND Architecture < 10 | row
          SELECT * FROM Win32_Processor WHERE Architecture = 'x64'                   | cannot
          SELECT * FROM Win32_Processor WHERE Architecture LIKE '9'                  | cannot
          SELECT * FROM Win32_OperatingSystem WHERE OSArchitecture = '64-bit'        | row
          # NULL
          SELECT * FROM Win32_ComputerSystem WHERE Manufacturer IS NULL              | row
          SELECT * FROM Win32_ComputerSystem WHERE Manufacturer = NULL               | row
          SELECT * FROM Win32_ComputerSystem WHERE Model IS NOT NULL                 | row
          SELECT * FROM Win32_ComputerSystem WHERE Model <> NULL                     | row
          SELECT * FROM Win32_ComputerSystem WHERE Manufacturer = 'x'                | none
          SELECT * FROM Win32_ComputerSystem WHERE Manufacturer <> 'x'               | none
          SELECT * FROM Win32_ComputerSystem WHERE NOT Manufacturer = 'x'            | none
          SELECT * FROM Win32_ComputerSystem WHERE NOT (Manufacturer = 'x' AND Model = 'y') | row
          SELECT * FROM Win32_ComputerSystem WHERE Manufacturer = 'x' OR Model = 'KVM' | row
          SELECT * FROM Win32_OperatingSystem WHERE ProductType = 3                  | none
          SELECT * FROM Win32_ComputerSystem WHERE Model < NULL                      | cannot
          # LIKE
          SELECT * FROM Reeve_Host WHERE hostname LIKE 'WEB-%'                       | row
          SELECT * FROM Reeve_Host WHERE hostname LIKE '%example'                    | row
          SELECT * FROM Reeve_Host WHERE hostname LIKE 'web-0_.%'                    | row
          SELECT * FROM Reeve_Host WHERE hostname LIKE 'web'                         | none
          SELECT * FROM Reeve_Host WHERE hostname LIKE '[u-w]eb%'                    | row
          SELECT * FROM Reeve_Host WHERE hostname LIKE '[U=W]eb%'                    | row
          SELECT * FROM Reeve_Host WHERE hostname LIKE '[^u-w]eb%'                   | none
          SELECT * FROM Reeve_Host WHERE hostname LIKE '[abw]eb%'                    | row
          SELECT * FROM Reeve_Host WHERE hostname LIKE ''                            | none
          SELECT * FROM Win32_BIOS WHERE SerialNumber LIKE '%[%]%'                   | row
          SELECT * FROM Win32_BIOS WHERE SerialNumber LIKE 'a[_]b[%]c[[]d]'          | row
          SELECT * FROM Reeve_Host WHERE hostname LIKE '[abc'                        | cannot
          SELECT * FROM Reeve_Host WHERE hostname LIKE '[]'                          | cannot
          SELECT * FROM Reeve_Host WHERE NOT hostname LIKE 'db%'                     | row
          # quotes
          SELECT * FROM Reeve_Host WHERE role = 'it''s "web"'                        | row
          SELECT * FROM Reeve_Host WHERE role = 'it\\'s \\"web\\"'                   | row
          SELECT * FROM Reeve_Host WHERE role = "it's ""web""\"                       | row
          SELECT * FROM Reeve_Host WHERE role = 'a\\b'                               | cannot
          SELECT * FROM Reeve_Host WHERE role = 'a\\\\b'                             | none
          # AND binds tighter than OR, NOT tighter than AND
          SELECT * FROM Facts WHERE os='debian' OR os='x' AND os='y'                 | row
          SELECT * FROM Facts WHERE (os='debian' OR os='x') AND os='y'               | none
          SELECT * FROM Facts WHERE NOT os='x' AND os='y'                            | none
          SELECT * FROM Facts WHERE NOT (os='x' AND os='y')                          | row
          SELECT * FROM Facts WHERE NOT NOT os='debian'                              | row
          # a part that cannot be evaluated is never a yes
          SELECT * FROM Facts WHERE os='debian' OR nonsense='x'                      | cannot
          SELECT * FROM Facts WHERE os='x' AND nonsense='x'                          | cannot
          """)
  void a_query_has_a_row_or_none_or_cannot_be_evaluated(String query, String answer) {
    assertThat(ask(query)).isEqualTo(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "SELECT",
        "SELECT * FROM",
        "SELECT FROM Facts",
        "SELECT *, os FROM Facts",
        "SELECT os, FROM Facts",
        "SELECT * FROM Facts WHERE",
        "SELECT * FROM Facts WHERE os",
        "SELECT * FROM Facts WHERE os =",
        "SELECT * FROM Facts WHERE os = debian",
        "SELECT * FROM Facts WHERE os = os",
        "SELECT * FROM Facts WHERE 'a' = 'a'",
        "SELECT * FROM Facts WHERE 1 = 1",
        "SELECT * FROM Facts WHERE (os='x'",
        "SELECT * FROM Facts WHERE os='x')",
        "SELECT * FROM Facts WHERE os='x' os='y'",
        "SELECT * FROM Facts WHERE os='x",
        "SELECT * FROM Facts WHERE os=\"x'",
        "SELECT * FROM Facts WHERE os='x\\",
        "SELECT * FROM Facts WHERE os LIKE 5",
        "SELECT * FROM Facts WHERE os NOT LIKE 'x'",
        "SELECT * FROM Facts WHERE os IS 'x'",
        "SELECT * FROM Facts WHERE os == 'x'",
        "SELECT * FROM Facts WHERE os ~ 'x'",
        "SELECT * FROM Facts WHERE os = 1.2.3",
        "SELECT * FROM Facts WHERE os = 12abc",
        "SELECT * FROM Facts WHERE os = -",
        "SELECT * FROM Facts WHERE os = TRUE",
        "SELECT * FROM Facts; DROP",
        "SELECT * FROM Facts GROUP WITHIN 5",
        "SELECT * FROM meta_class",
        "ASSOCIATORS OF {Win32_Service}",
        "REFERENCES OF {x}"
      })
  void what_is_no_query_cannot_be_evaluated(String query) {
    assertThat(ask(query)).isEqualTo("cannot");
  }

  @Test
  void all_queries_must_return_a_row() {
    String yes = "SELECT * FROM Facts WHERE os='debian'";
    String no = "SELECT * FROM Facts WHERE os='x'";
    String wrong = "SELECT";

    assertThat(ask(yes, yes)).isEqualTo("row");
    assertThat(ask(yes, no)).isEqualTo("none");
    assertThat(ask(no, yes)).isEqualTo("none");
    assertThat(ask(no, wrong)).isEqualTo("cannot");
    assertThat(ask(wrong, yes)).isEqualTo("cannot");
  }

  @ParameterizedTest
  @CsvSource({
    "root\\CIMv2,row",
    "ROOT\\cimV2,row",
    "root/cimv2,row",
    "root\\rsop,cannot",
    "root\\CIMv2\\power,cannot",
    "'',cannot"
  })
  void there_is_one_namespace(String namespace, String answer) {
    FactFilter filter = filter(namespace, "SELECT * FROM Facts WHERE os='debian'");

    assertThat(shown(FactTest.ask(filter, FACTS))).isEqualTo(answer);
  }

  @Test
  void a_host_that_reports_nothing_has_no_rows_to_compare() {
    FactFilter filter =
        filter("root\\CIMv2", "SELECT * FROM Win32_OperatingSystem WHERE Version LIKE '1%'");

    assertThat(shown(FactTest.ask(filter, Map.of()))).isEqualTo("none");
  }

  @Test
  void length_and_depth_are_bounded() {
    String deep = "(".repeat(4000) + "os='x'" + ")".repeat(4000);
    assertThat(ask("SELECT * FROM Facts WHERE " + deep)).isEqualTo("cannot");
    assertThat(ask("SELECT * FROM Facts WHERE " + "NOT ".repeat(2000) + "os='x'"))
        .isEqualTo("cannot");
    assertThat(ask("SELECT * FROM Facts WHERE os='" + "x".repeat(20_000) + "'"))
        .isEqualTo("cannot");
    String wide = "os='x' OR ".repeat(900) + "os='debian'";
    assertThat(ask("SELECT * FROM Facts WHERE " + wide)).isEqualTo("row");
    assertThat(ask("SELECT * FROM Facts WHERE os LIKE '" + "%a".repeat(4000) + "'"))
        .isEqualTo("none");
  }

  static IntStream seeds() {
    return IntStream.range(0, 20);
  }

  /// Pieces of queries in any order, and queries with letters changed: an answer, never an
  /// exception.
  @ParameterizedTest
  @MethodSource("seeds")
  void any_text_gets_an_answer(int seed) {
    var random = new Random(seed);
    List<String> pieces =
        List.of(
            "SELECT",
            "*",
            "FROM",
            "Facts",
            "Win32_OperatingSystem",
            "WHERE",
            "os",
            "Version",
            "=",
            "<>",
            "<",
            ">=",
            "LIKE",
            "'debian'",
            "\"1%\"",
            "'[a-'",
            "12",
            "-3.5",
            "AND",
            "OR",
            "NOT",
            "(",
            ")",
            "IS",
            "NULL",
            ",",
            "\\",
            "'",
            "\"",
            "é",
            "\0",
            ".",
            "_");
    for (int i = 0; i < 100; i++) {
      var text = new StringBuilder(random.nextBoolean() ? "SELECT * FROM Facts WHERE " : "");
      for (int n = random.nextInt(15); n > 0; n--)
        text.append(pieces.get(random.nextInt(pieces.size())))
            .append(random.nextInt(4) > 0 ? " " : "");
      assertThat(ask(text.toString())).isIn("row", "none", "cannot");

      var damaged =
          new StringBuilder(
              "SELECT * FROM Facts WHERE (os LIKE 'deb%' AND NOT cpus < 4) OR os IS NULL");
      for (int n = random.nextInt(4); n > 0; n--)
        damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(128));
      assertThat(ask(damaged.toString())).isIn("row", "none", "cannot");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void like_agrees_with_a_regular_expression(int seed) {
    var random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      var pattern = new StringBuilder();
      var regex = new StringBuilder();
      for (int n = random.nextInt(6); n > 0; n--) {
        String[] part =
            new String[][] {
                  {"%", ".*"},
                  {"_", "."},
                  {"a", "a"},
                  {"b", "b"},
                  {".", "\\."},
                  {"[ab]", "[ab]"},
                  {"[a-c]", "[a-c]"},
                  {"[^a=b]", "[^a-b]"}
                }
                [random.nextInt(8)];
        pattern.append(part[0]);
        regex.append(part[1]);
      }
      var value = new StringBuilder();
      for (int n = random.nextInt(6); n > 0; n--) value.append("abcd.".charAt(random.nextInt(5)));
      assertThat(new WqlPattern(pattern.toString()).matches(value.toString()))
          .as(pattern + " " + value)
          .isEqualTo(Pattern.matches(regex.toString(), value));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "amd64,9,64-bit",
    "x86_64,9,64-bit",
    "aarch64,12,64-bit",
    "i686,0,32-bit",
    "armv7l,5,32-bit"
  })
  void architectures_have_the_numbers_of_wmi(String arch, int number, String width) {
    var facts = Map.of("arch", arch);
    FactFilter filter =
        filter(
            "root\\CIMv2",
            "SELECT * FROM Win32_Processor WHERE Architecture = " + number,
            "SELECT * FROM Win32_OperatingSystem WHERE OSArchitecture = '" + width + "'");

    assertThat(shown(FactTest.ask(filter, facts))).isEqualTo("row");
  }
}
