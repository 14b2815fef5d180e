package dev.reeve.model.rsop;

import static dev.reeve.model.rsop.RsopChange.ASSIGNMENT;
import static dev.reeve.model.rsop.RsopChange.COMPUTER;
import static dev.reeve.model.rsop.RsopChange.CONTAINERS;
import static dev.reeve.model.rsop.RsopChange.PERSISTENT;
import static dev.reeve.model.rsop.RsopChange.POLICY;
import static dev.reeve.model.rsop.RsopChange.PROBLEMS;
import static dev.reeve.model.rsop.RsopChange.SETTINGS;
import static dev.reeve.model.rsop.RsopChange.SITE;
import static dev.reeve.model.rsop.RsopChange.VERDICTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RsopChangeTest {

  private static final Dn DOMAIN = Dn.parse("DC=corp");
  private static final Dn POLICY_DN = Dn.parse("CN=p,DC=corp");
  private static final PolicyResult UNKNOWN = new PolicyResult.Unknown("it is away");

  private static Gpo gpo(String cn, String name) {
    return new Gpo(
        Dn.parse("CN=" + cn + ",DC=corp"),
        "{" + cn + "}",
        name,
        false,
        2,
        1,
        SecurityFilter.Everyone.EVERYONE,
        Optional.empty(),
        new PolicyPointer.To(POLICY_DN),
        PolicyPointer.None.NONE,
        HostSettings.DEFAULTS);
  }

  private static PolicyResult assigned(String gpo, String content) {
    return new PolicyResult.Assigned(
        gpo(gpo, "any"),
        POLICY_DN,
        new IpsecPolicy(
            "{P}", content, "", IpsecPolicy.DEFAULT_POLLING_INTERVAL, MainMode.DEFAULT, List.of()));
  }

  private static LinkVerdict verdict(String name, Optional<Reason> reason, String because) {
    Gpo gpo = gpo("A", name);
    return new LinkVerdict(
        new GpLink(gpo.dn(), 1, true, false),
        Optional.of(gpo),
        DOMAIN,
        reason,
        reason.isEmpty() ? OptionalInt.of(1) : OptionalInt.empty(),
        because);
  }

  private static ResolvedSettings settings(boolean legacy, String gpo, boolean complete) {
    return new ResolvedSettings(
        Map.of(
            HostSetting.LEGACY,
            new ResolvedSettings.Sourced(JsonValue.of(legacy), gpo(gpo, "any"))),
        complete);
  }

  private static Rsop rsop(
      String computer,
      String site,
      String container,
      LinkVerdict link,
      PolicyResult assignment,
      PolicyResult persistent,
      ResolvedSettings settings,
      List<Problem> problems) {
    return new Rsop(
        Dn.parse(computer),
        Optional.of(site),
        "from " + link.because(),
        List.of(Dn.parse(container)),
        List.of(link),
        assignment,
        persistent,
        settings,
        problems);
  }

  private static final String PC = "CN=pc,DC=corp";
  private static final LinkVerdict LINK = verdict("Name", Optional.empty(), "linked");
  private static final PolicyResult WEB = assigned("A", "Web");
  private static final ResolvedSettings SET = settings(true, "A", true);
  private static final Rsop BEFORE = rsop(PC, "HQ", "DC=corp", LINK, WEB, WEB, SET, List.of());

  static Stream<Arguments> changes() {
    var problem = new Problem("DC=corp", "gPLink", Problem.Code.MALFORMED_LINK, "odd");
    LinkVerdict renamed = verdict("New name", Optional.empty(), "said otherwise");
    LinkVerdict denied = verdict("Name", Optional.of(Reason.EMPTY), "empty");
    PolicyResult none = PolicyResult.Unassigned.UNASSIGNED;
    PolicyResult other = assigned("A", "Other rules");
    return Stream.of(
        to("nothing", rsop("cn=PC, dc=corp", "HQ", "dc=CORP", LINK, WEB, WEB, SET, List.of())),
        to("names and words", rsop(PC, "HQ", "DC=corp", renamed, WEB, WEB, SET, List.of())),
        to("it moves", rsop("CN=b", "HQ", "DC=corp", LINK, WEB, WEB, SET, List.of()), COMPUTER),
        to("site", rsop(PC, "Lab", "DC=corp", LINK, WEB, WEB, SET, List.of()), SITE),
        to("OU", rsop(PC, "HQ", "OU=a", LINK, WEB, WEB, SET, List.of()), CONTAINERS),
        to("denied", rsop(PC, "HQ", "DC=corp", denied, WEB, WEB, SET, List.of()), VERDICTS),
        to("no policy", rsop(PC, "HQ", "DC=corp", LINK, none, WEB, SET, List.of()), ASSIGNMENT),
        to("unknown", rsop(PC, "HQ", "DC=corp", LINK, UNKNOWN, WEB, SET, List.of()), ASSIGNMENT),
        to(
            "other GPO",
            rsop(PC, "HQ", "DC=corp", LINK, assigned("B", "Web"), WEB, SET, List.of()),
            ASSIGNMENT),
        to("other rules", rsop(PC, "HQ", "DC=corp", LINK, other, WEB, SET, List.of()), POLICY),
        to(
            "other persistent rules",
            rsop(PC, "HQ", "DC=corp", LINK, WEB, other, SET, List.of()),
            PERSISTENT),
        to(
            "setting",
            rsop(PC, "HQ", "DC=corp", LINK, WEB, WEB, settings(false, "A", true), List.of()),
            SETTINGS),
        to(
            "who sets it",
            rsop(PC, "HQ", "DC=corp", LINK, WEB, WEB, settings(true, "B", true), List.of()),
            SETTINGS),
        to(
            "settings unreadable",
            rsop(PC, "HQ", "DC=corp", LINK, WEB, WEB, settings(true, "A", false), List.of()),
            SETTINGS),
        to("problem", rsop(PC, "HQ", "DC=corp", LINK, WEB, WEB, SET, List.of(problem)), PROBLEMS));
  }

  private static Arguments to(String what, Rsop after, RsopChange... expected) {
    return Arguments.of(what, after, Set.of(expected));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void each_difference_has_its_name(String what, Rsop after, Set<RsopChange> expected) {
    assertThat(RsopChange.between(BEFORE, after)).as(what).isEqualTo(expected);
    assertThat(RsopChange.between(after, BEFORE)).as(what + ", back").isEqualTo(expected);
  }
}
