package dev.reeve.model.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Problem;
import dev.reeve.model.net.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which site a computer is in: the longest prefix over all its addresses, then the site's name.
class SiteTest {

  private static TestDirectory company() {
    return new TestDirectory()
        .som("DC=corp", "Base")
        .site("Berlin", "B")
        .site("Paris", "P")
        .site("Lab", "L!")
        .subnet("10.0.0.0/8", "Berlin")
        .subnet("10.2.0.0/16", "Paris")
        .subnet("10.2.3.0/24", "Lab")
        .subnet("10.9.0.0/16", "")
        .subnet("10.8.0.0/16", "Gone")
        .subnet("192.168.1.7", "Lab")
        .subnet("2001:db8::/32", "Berlin")
        .subnet("2001:db8:2::/48", "Paris")
        .subnet("fd00::/8", "Paris");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          rule                                   | ipHostNumber         | reported    | site   | assigned
          one subnet holds the address           | 10.1.1.1             |             | Berlin | Base
          the longest of three prefixes wins     | 10.2.3.4             |             | Lab    | L
          the middle one                         | 10.2.4.4             |             | Paris  | Base
          a subnet of one address                | 192.168.1.7          |             | Lab    | L
          IPv6                                   | 2001:db8:1::1        |             | Berlin | Base
          IPv6, longest prefix                   | 2001:db8:2::1        |             | Paris  | Base
          no subnet                              | 172.16.0.1           |             |        | Base
          no address                             |                      |             |        | Base
          the most specific of several addresses | 10.1.1.1 10.2.3.4    |             | Lab    | L
          the same, written the other way round  | 10.2.3.4 10.1.1.1    |             | Lab    | L
          one address in no subnet does not hurt | 172.16.0.1 10.2.0.1  |             | Paris  | Base
          IPv4 and IPv6 compete by length        | 10.2.3.4 fd00::1     |             | Lab    | L
          IPv6 of a longer prefix                | 10.2.3.4 2001:db8:2::1 |           | Paris  | Base
          equal lengths: the site's name decides | 10.1.1.1 fd00::1     |             | Berlin | Base
          what the host reports replaces the hint | 10.1.1.1            | 10.2.3.4    | Lab    | L
          a subnet without a site                | 10.9.1.1             |             |        | Base
          a site that cannot be read             | 10.8.1.1             |             |        | unknown
          it does not matter elsewhere           | 10.8.1.1 10.2.3.4    |             | Lab    | L
          """)
  void by_address(
      String rule,
      @Nullable String hint,
      @Nullable String reported,
      @Nullable String site,
      String assigned) {
    TestDirectory directory = company().computer("CN=pc", words(hint));
    var addresses = Arrays.stream(words(reported)).map(IpAddress::parse).toList();

    Rsop rsop = Rsop.resolve(directory.snapshot(), query(addresses, Optional.empty()));

    assertThat(rsop.site()).isEqualTo(Optional.ofNullable(site));
    assertThat(TestDirectory.shown(rsop.assignment())).isEqualTo(assigned);
  }

  private static String[] words(@Nullable String text) {
    String words = Objects.requireNonNullElse(text, "");
    return words.isEmpty() ? new String[0] : words.split(" ");
  }

  private static RsopQuery query(List<IpAddress> addresses, Optional<String> site) {
    return new RsopQuery(
        TestDirectory.dn("CN=pc"), Optional.empty(), site, addresses, Set.of(), Map.of());
  }

  @Test
  void a_subnet_without_a_site_is_reported() {
    Rsop rsop = company().computer("CN=pc", "10.9.1.1").resolve("CN=pc");

    assertThat(rsop.problems())
        .extracting(Problem::code)
        .containsExactly(Problem.Code.SUBNET_WITHOUT_SITE);
    assertThat(rsop.siteFrom()).contains("10.9.0.0/16");
  }

  @Test
  void the_only_site_needs_no_address() {
    Rsop rsop =
        new TestDirectory().som("DC=corp", "").site("HQ", "S").computer("CN=pc").resolve("CN=pc");

    assertThat(rsop.site()).contains("HQ");
    assertThat(TestDirectory.shown(rsop.assignment())).isEqualTo("S");
  }

  @Test
  void one_visible_site_is_not_the_only_one_when_a_subnet_names_another() {
    TestDirectory directory =
        new TestDirectory()
            .som("DC=corp", "Base")
            .site("HQ", "S!")
            .subnet("10.1.0.0/16", "HQ")
            .subnet("10.2.0.0/16", "Hidden");

    Rsop hidden = directory.computer("CN=pc", "10.2.0.1").resolve("CN=pc");
    assertThat(hidden.site()).isEmpty();
    assertThat(TestDirectory.shown(hidden.assignment())).isEqualTo("unknown");
    Rsop visible = directory.computer("CN=pc", "10.1.0.1").resolve("CN=pc");
    assertThat(visible.site()).contains("HQ");
    assertThat(TestDirectory.shown(visible.assignment())).isEqualTo("S");
  }

  @Test
  void sites_nobody_can_read_are_not_no_sites() {
    TestDirectory directory =
        new TestDirectory()
            .som("DC=corp", "Base!")
            .subnet("10.2.0.0/16", "Hidden")
            .computer("CN=pc", "10.2.0.1");

    assertThat(TestDirectory.shown(directory.resolve("CN=pc").assignment())).isEqualTo("unknown");
  }

  @ParameterizedTest
  @CsvSource({"Lab,Lab", "LAB,Lab", "'cn=lab, cn=Sites,CN=Configuration,DC=corp',Lab"})
  void a_named_site_is_taken(String wanted, String site) {
    TestDirectory directory = company().computer("CN=pc", "10.1.1.1");

    Rsop rsop = Rsop.resolve(directory.snapshot(), query(List.of(), Optional.of(wanted)));

    assertThat(rsop.site()).contains(site);
  }

  @Test
  void an_unknown_name_is_unknown_and_lists_those_there_are() {
    TestDirectory directory = company().computer("CN=pc", "10.1.1.1");

    Rsop rsop = Rsop.resolve(directory.snapshot(), query(List.of(), Optional.of("Rome")));

    assertThat(TestDirectory.shown(rsop.assignment())).isEqualTo("unknown");
    assertThat(rsop.problems().getFirst().code()).isEqualTo(Problem.Code.SITE_UNKNOWN);
    assertThat(rsop.problems().getFirst().detail()).contains("Berlin, Lab, Paris");
  }
}
