package dev.reeve.model.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The specification of precedence.
///
/// A cell is the links of one SOM, link order 1 first: `Name!` enforced, `Name~` link disabled,
/// `Name?` the computer lacks Apply, `[block]` block inheritance.
class RsopPrecedenceTest {

  private static final String WEB_01 = "CN=web-01,OU=Web,OU=Servers";

  private static String cell(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }

  private static TestDirectory directory(
      @Nullable String site,
      @Nullable String domain,
      @Nullable String servers,
      @Nullable String web,
      @Nullable String but) {
    return new TestDirectory()
        .site("HQ", cell(site))
        .som("DC=corp", cell(domain))
        .som("OU=Servers", cell(servers))
        .som("OU=Web,OU=Servers", cell(web))
        .computer(WEB_01)
        .but(cell(but));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          rule                                         | site  | DC=corp   | OU=Servers   | OU=Web       | but                     | assigned
          nothing linked, nothing assigned             |       |           |              |              |                         | none
          nearest SOM wins                             |       | Base      | Servers      |              |                         | Servers
          the nearest of all wins                      | Site  | Base      | Servers      | Web          |                         | Web
          domain beats site                            | Site  | Base      |              |              |                         | Base
          the site counts when nothing else does       | Site  |           |              |              |                         | Site
          link order 1 beats link order 2              |       | Base      | First Second |              |                         | First
          link order 1 beats 2 among enforced links    |       | One! Two! |              |              |                         | One
          link order 2 enforced beats 1 that is not    |       | One Two!  |              |              |                         | Two
          enforced parent beats child                  |       | Base!     | Servers      | Web          |                         | Base
          upper enforced beats lower enforced          |       | Base!     | Servers!     | Web          |                         | Base
          enforced site beats enforced domain          | Site! | Base!     | Servers!     | Web!         |                         | Site
          enforced child beats a parent that is not    |       | Base      | Servers      | Web!         |                         | Web
          enforced in the middle beats both ends       |       | Base      | Servers!     | Web          |                         | Servers
          block inheritance drops the parents          |       | Base      | Servers      | [block]      |                         | none
          a blocking SOM keeps its own links           |       | Base      | Servers      | [block] Web  |                         | Web
          an enforced link passes the block            |       | Base!     | Servers      | [block]      |                         | Base
          an enforced link passes two blocks           | Site! | [block]   | [block]      |              |                         | Site
          a block on an OU cuts everything above it    | Site  | Base      | [block] Srv  |              |                         | Srv
          a block on the domain cuts the site          | Site  | [block]   |              |              |                         | none
          a block on the domain lets its own links be  | Site  | [block] B |              |              |                         | B
          a block on the site has nothing above it     | [block] Site | Base | Servers    |              |                         | Servers
          a block on the site cuts nothing             | [block] Site |    |              |              |                         | Site
          a disabled link does not count               |       | Base      | Servers~     |              |                         | Base
          disabled wins over enforced on one link      |       | Base      |              | Web!~        |                         | Base
          security filtering falls through             |       | Base      | Servers?     |              |                         | Base
          a filtered enforced link falls through       |       | Base!?    | Servers      |              |                         | Servers
          a GPO whose computer half is off (flags 2,3) |       | Base      | Servers      |              | Servers off             | Base
          a GPO of functionality version 1             |       | Base      | Servers      |              | Servers version 1       | Base
          an empty GPO                                 |       | Base      | Servers      |              | Servers empty           | Base
          a GPO whose fact filter gives no row         |       | Base      | Servers      |              | Servers fact filtered   | Base
          a fact filter that is gone leaves it unknown  |       | Base      | Servers      |              | Servers fact filter missing | unknown
          a GPO that assigns nothing lets others win   |       | Base      | Servers      |              | Servers assigns nothing | Base
          none when no GPO assigns                     |       | Base      |              |              | Base assigns nothing    | none
          the same GPO twice: its higher link decides  |       | Twice!    | Servers      | Twice        |                         | Twice
          a missing GPO above the winner               |       | Base      | Servers      |              | Servers missing         | unknown
          a missing GPO below the winner               |       | Base      | Servers      |              | Base missing            | Servers
          a missing GPO with nothing else              |       | Base      |              |              | Base missing            | unknown
          a missing GPO on a disabled link             |       | Base      | Servers~     |              | Servers missing         | Base
          a missing GPO behind a block                 |       | Base      | [block]      | Web          | Base missing            | Web
          nothing but a missing GPO behind a block     |       | Base      | [block]      |              | Base missing            | none
          an enforced missing GPO passes the block     |       | Base!     | [block]      | Web          | Base missing            | unknown
          an unreadable GPO above the winner           |       | Base      | Servers      |              | Servers unreadable      | unknown
          an unreadable GPO below the winner           |       | Base      | Servers      |              | Base unreadable         | Servers
          an unreadable enforced GPO above the winner  | Site! | Base      | Servers      | Web          | Site unreadable         | unknown
          a SOM half read at the winner                |       | Base      | Servers      |              | OU=Servers incomplete   | unknown
          a SOM half read below the winner             |       | Base      | Servers      | Web          | DC=corp incomplete      | unknown
          a SOM half read below an enforced winner     |       | Base!     | Servers      |              | OU=Servers incomplete   | Base
          a half-read SOM hides its enforced links     |       | Base      | Servers!     |              | DC=corp incomplete      | unknown
          a half-read site                             |       | Base!     |              |              | site incomplete         | unknown
          a half-read SOM and nothing linked           |       |           |              |              | OU=Web,OU=Servers incomplete | unknown
          a SOM that is absent                         |       | Base      | Servers      |              | OU=Servers absent       | unknown
          a domain that is absent                      |       | Base      | Servers      | Web          | DC=corp absent          | unknown
          an absent OU below an enforced winner        |       | Base!     | Servers      |              | OU=Servers absent       | Base
          a policy that does not exist                 |       | Base      | Servers      |              | Servers dangles         | unknown
          a losing policy that does not exist          |       | Base      | Servers      |              | Base dangles            | Servers
          a policy that is not whole                   |       | Base      | Servers      |              | Servers policy broken   | unknown
          a pointer that cannot be read                |       | Base      | Servers      |              | Servers pointer unreadable | unknown
          a losing pointer that cannot be read         |       | Base      | Servers      |              | Base pointer unreadable | Servers
          a filtered pointer that cannot be read       |       | Base      | Servers?     |              | Servers pointer unreadable | Base
          filtered by a group that cannot be read      |       | Base      | Servers      |              | Servers filtered by a lost group | unknown
          the same, and it assigns nothing             |       | Base      | Servers      |              | Servers filtered by a lost group; Servers assigns nothing | Base
          the same, below the winner                   |       | Base      | Servers      |              | Base filtered by a lost group | Servers
          """)
  void assigns_one_whole_policy(
      String rule,
      @Nullable String site,
      @Nullable String domain,
      @Nullable String servers,
      @Nullable String web,
      @Nullable String but,
      String assigned) {
    TestDirectory directory = directory(site, domain, servers, web, but);

    Rsop rsop = directory.resolve(WEB_01);

    assertThat(TestDirectory.shown(rsop.assignment()))
        .as(rule + ": " + directory.shown(rsop.links()))
        .isEqualTo(assigned);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          rule                             | site  | DC=corp     | OU=Servers | OU=Web      | but | verdicts
          no link is left out              | S1 S2! | D1 D2!     | V1 V2!     | W1 W2!      |     | S2@1 D2@2 V2@3 W2@4 W1@5 V1@6 D1@7 S1@8
          denied ones come last, in order  | S~    | D?          | V          | W~          |     | V@1 W:LINK_DISABLED D:SECURITY_FILTERED S:LINK_DISABLED
          the same GPO twice               |       | G!          |            | G           |     | G@1 G@2
          the same GPO twice on one SOM    |       | G G!        |            |             |     | G@1 G@2
          twice, once disabled             |       | G~          |            | G           |     | G@1 G:LINK_DISABLED
          twice, once blocked              |       | G           | [block]    | G           |     | G@1 G:INHERITANCE_BLOCKED
          a block is not asked of enforced | S     | D! E        | [block] V  | W           |     | D@1 W@2 V@3 E:INHERITANCE_BLOCKED S:INHERITANCE_BLOCKED
          a lost link keeps its place      |       | D           | V          | W           | V missing | W@1 D@2 ?:GPO_MISSING
          a GPO that assigns nothing applies |     | D           | V          |             | V assigns nothing | V@1 D@2
          """)
  void gives_one_verdict_per_link(
      String rule,
      @Nullable String site,
      @Nullable String domain,
      @Nullable String servers,
      @Nullable String web,
      @Nullable String but,
      String verdicts) {
    TestDirectory directory = directory(site, domain, servers, web, but);

    assertThat(directory.shown(directory.resolve(WEB_01).links())).as(rule).isEqualTo(verdicts);
  }

  /// Each row has every defect from its own downwards: the first in the documented order is told.
  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          V?~! | LINK_DISABLED         | V off; V version 1; V empty; V fact filtered
          V?~  | LINK_DISABLED         | V missing
          V?   | INHERITANCE_BLOCKED   | V off; V version 1; V empty; V fact filtered
          V?   | INHERITANCE_BLOCKED   | V missing
          V?!  | GPO_MISSING           | V off; V missing
          V?!  | GPO_UNREADABLE        | V version 1; V unreadable
          V?!  | FUNCTIONALITY_VERSION | V off; V version 1; V empty; V fact filtered
          V?!  | GPO_DISABLED          | V off; V empty; V fact filtered
          V?!  | SECURITY_FILTERED     | V empty; V fact filtered
          V!   | SECURITY_FILTERED     | V filtered by a lost group; V empty; V fact filtered
          V!   | EMPTY                 | V empty; V fact filtered
          V!   | FACT_FILTERED         | V fact filtered
          """)
  void the_first_reason_in_the_documented_order_is_told(String cell, Reason reason, String but) {
    Rsop rsop = directory("", "", cell, "[block]", but).resolve(WEB_01);

    assertThat(rsop.links()).hasSize(1);
    assertThat(rsop.links().getFirst().reason()).contains(reason);
    assertThat(rsop.links().getFirst().precedence()).isEmpty();
  }

  @Test
  void the_reasons_stand_in_the_documented_order() {
    assertThat(List.of(Reason.values()).toString())
        .isEqualTo(
            "[LINK_DISABLED, INHERITANCE_BLOCKED, GPO_MISSING, GPO_UNREADABLE, "
                + "FUNCTIONALITY_VERSION, GPO_DISABLED, SECURITY_FILTERED, EMPTY, FACT_FILTERED]");
  }

  @Test
  void containers_are_ous_then_the_domain_then_the_site() {
    Rsop rsop =
        new TestDirectory()
            .site("HQ", "")
            .som("DC=corp", "Base")
            .som("OU=Servers,CN=Lab,OU=Top", "Servers")
            .som("OU=Top", "Top")
            .computer("CN=web-01,CN=Rack,OU=Servers,CN=Lab,OU=Top")
            .resolve("CN=web-01,CN=Rack,OU=Servers,CN=Lab,OU=Top");

    assertThat(rsop.containers())
        .containsExactly(
            TestDirectory.dn("OU=Servers,CN=Lab,OU=Top"),
            TestDirectory.dn("OU=Top"),
            TestDirectory.DOMAIN,
            TestDirectory.siteDn("HQ"));
    assertThat(TestDirectory.shown(rsop.assignment())).isEqualTo("Servers");
  }

  @Test
  void parent_domains_do_not_count() {
    TestDirectory directory =
        new TestDirectory()
            .som("DC=corp", "Parent!")
            .som("DC=emea,DC=corp", "Child")
            .computer("CN=pc,CN=Computers,DC=emea,DC=corp");

    Rsop rsop = directory.resolve("CN=pc,CN=Computers,DC=emea,DC=corp");

    assertThat(directory.shown(rsop.links())).isEqualTo("Child@1");
    assertThat(rsop.containers()).containsExactly(Dn.parse("DC=emea,DC=corp"));
  }

  @Test
  void a_computer_without_an_entry_is_unknown_unless_planned_for() {
    TestDirectory directory = directory("", "Base", "Servers", "", "");
    Dn ghost = TestDirectory.dn("CN=ghost,OU=Servers");

    Rsop rsop = Rsop.resolve(directory.snapshot(), RsopQuery.of(ghost));
    assertThat(TestDirectory.shown(rsop.assignment())).isEqualTo("unknown");
    assertThat(rsop.settings().complete()).isFalse();

    var imagined =
        new RsopQuery(
            ghost,
            Optional.of(TestDirectory.dn("OU=Servers")),
            Optional.empty(),
            List.of(),
            java.util.Set.of(),
            Map.of());
    assertThat(TestDirectory.shown(Rsop.resolve(directory.snapshot(), imagined).assignment()))
        .isEqualTo("Servers");
  }

  @Test
  void each_setting_comes_from_the_gpo_of_highest_precedence_that_has_it() {
    TestDirectory directory =
        directory("", "Base!", "Servers", "Web", "")
            .gpo("Base", g -> TestDirectory.with(g, settings(2, null), Optional.empty()))
            .gpo("Servers", g -> TestDirectory.with(g, settings(1, 600L), Optional.empty()))
            .gpo("Web", g -> TestDirectory.with(g, settings(0, null), Optional.empty()));

    ResolvedSettings settings = directory.resolve(WEB_01).settings();

    assertThat(settings.complete()).isTrue();
    assertThat(settings.toSettings().ipsecExempt()).isEqualTo(2);
    assertThat(settings.values().get(HostSetting.IPSEC_LOG_INTERVAL))
        .satisfies(sourced -> {
          assertThat(sourced.by().name()).isEqualTo("Servers");
          assertThat(sourced.value()).isEqualTo(JsonValue.of(600));
        });
  }

  private static Map<HostSetting, JsonValue> settings(long exempt, @Nullable Long interval) {
    return interval == null
        ? Map.of(HostSetting.IPSEC_EXEMPT, JsonValue.of(exempt))
        : Map.of(
            HostSetting.IPSEC_EXEMPT,
            JsonValue.of(exempt),
            HostSetting.IPSEC_LOG_INTERVAL,
            JsonValue.of(interval));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Base missing                     | false
          Base unreadable                  | false
          OU=Servers incomplete            | false
          Servers off                      | true
          Servers filtered by a lost group | true
          """)
  void settings_are_complete_unless_a_gpo_that_may_set_one_is_lost(String but, boolean complete) {
    Rsop rsop = directory("", "Base", "Servers", "Web", but).resolve(WEB_01);

    assertThat(rsop.settings().complete()).isEqualTo(complete);
  }

  @Test
  void the_persistent_policy_is_chosen_on_its_own() {
    TestDirectory directory = directory("", "Base", "Servers", "", "");
    directory.gpo(
        "Base",
        g ->
            TestDirectory.with(
                g,
                g.ipsecPolicy(),
                new dev.reeve.model.gp.PolicyPointer.To(TestDirectory.policyDn("Base"))));

    Rsop rsop = directory.resolve(WEB_01);

    assertThat(TestDirectory.shown(rsop.assignment())).isEqualTo("Servers");
    assertThat(TestDirectory.shown(rsop.persistent())).isEqualTo("Base");
  }
}
