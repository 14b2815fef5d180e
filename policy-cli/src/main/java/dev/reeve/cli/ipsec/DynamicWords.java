package dev.reeve.cli.ipsec;

import dev.reeve.agent.dynamic.DynamicChange;
import dev.reeve.agent.dynamic.DynamicRule;
import dev.reeve.agent.dynamic.DynamicRule.Act;
import dev.reeve.cli.ipsec.netsh.Netsh;
import dev.reeve.cli.ipsec.netsh.Offers;
import dev.reeve.cli.ipsec.netsh.Tags;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The words behind `ipsec dynamic add|set|delete`. What makes no sense is an
/// [IllegalArgumentException] that says what was found and what was expected.
final class DynamicWords {

  private static final List<String> MAIN_MODE =
      List.of("name", "qmpermm", "mmlifetime", "softsaexpirationtime", "mmsecmethods");
  private static final List<String> QUICK_MODE =
      List.of("name", "soft", "pfsgroup", "qmsecmethods");
  private static final List<String> RULE =
      List.of(
          "srcaddr",
          "dstaddr",
          "mmpolicy",
          "qmpolicy",
          "protocol",
          "srcport",
          "dstport",
          "mirrored",
          "conntype",
          "actioninbound",
          "actionoutbound",
          "srcmask",
          "dstmask",
          "tunneldstaddress",
          "kerberos",
          "psk",
          "rootca*");
  private static final List<String> WHICH_RULE =
      List.of(
          "srcaddr",
          "dstaddr",
          "protocol",
          "srcport",
          "dstport",
          "mirrored",
          "conntype",
          "srcmask",
          "dstmask",
          "tunneldstaddress");

  private final String verb;
  private final String kind;
  private final List<String> words;

  DynamicWords(String verb, String kind, List<String> words) {
    this.verb = verb;
    this.kind = kind;
    this.words = List.copyOf(words);
  }

  private Tags tags(List<String> names) {
    return Tags.parse(verb + " " + kind, names, words);
  }

  private IllegalArgumentException unknown(String wanted) {
    return new IllegalArgumentException(verb + ": found '" + kind + "', expected " + wanted);
  }

  DynamicChange add() {
    return switch (kind) {
      case "mmpolicy" -> {
        Tags tags = tags(MAIN_MODE);
        yield new DynamicChange.PutMainMode(
            tags.get("name"), mainMode(tags, MainMode.DEFAULT), true);
      }
      case "qmpolicy" -> {
        Tags tags = tags(QUICK_MODE);
        String name = tags.get("name");
        yield new DynamicChange.PutQuickMode(name, quickMode(tags, name, Optional.empty()), true);
      }
      case "rule" -> new DynamicChange.PutRule(rule(tags(RULE), Optional.empty()), true);
      default -> throw unknown("mmpolicy, qmpolicy or rule");
    };
  }

  /// @param dynamic what there is
  DynamicChange set(JsonMembers dynamic) {
    return switch (kind) {
      case "mmpolicy" -> {
        Tags tags = tags(MAIN_MODE);
        String name = tags.get("name");
        MainMode before =
            dynamic
                .objects("mmpolicies", in -> new Named<>(in.string("name"), mainMode(in)))
                .stream()
                .filter(one -> one.name().equals(name))
                .map(Named::value)
                .findFirst()
                .orElse(MainMode.DEFAULT);
        yield new DynamicChange.PutMainMode(name, mainMode(tags, before), false);
      }
      case "qmpolicy" -> {
        Tags tags = tags(QUICK_MODE);
        String name = tags.get("name");
        Optional<Negotiate> before =
            dynamic.objects("qmpolicies", in -> new Named<>(in.string("name"), action(in))).stream()
                .filter(one -> one.name().equals(name))
                .map(Named::value)
                .findFirst();
        yield new DynamicChange.PutQuickMode(name, quickMode(tags, name, before), false);
      }
      case "rule" -> {
        Tags tags = tags(RULE);
        DynamicRule which = which(tags);
        Optional<DynamicRule> before =
            dynamic.objects("rules", DynamicRule::read).stream()
                .filter(which::isSameAs)
                .findFirst();
        yield new DynamicChange.PutRule(rule(tags, before), false);
      }
      default -> throw unknown("mmpolicy, qmpolicy, rule or config");
    };
  }

  private record Named<T>(String name, T value) {}

  private static MainMode mainMode(JsonMembers in) {
    return IpsecJson.readMainMode(in.object("mainMode"));
  }

  private static Negotiate action(JsonMembers in) {
    FilterAction action = IpsecJson.readAction(in.object("action"));
    if (action instanceof Negotiate negotiate) return negotiate;
    throw new IllegalArgumentException("a qmpolicy that does not negotiate");
  }

  private static MainMode mainMode(Tags tags, MainMode before) {
    return new MainMode(
        before.perfectForwardSecrecy(),
        tags.find("qmpermm", text -> Netsh.number(text, 0, 1_000_000))
            .orElse(before.quickModesPerMainMode()),
        tags.find("mmlifetime", text -> Duration.ofMinutes(Netsh.number(text, 1, 2880)))
            .orElse(before.lifetime()),
        tags.find("mmsecmethods", Netsh::mainModeMethods).orElse(before.proposals()));
  }

  private static Negotiate quickMode(Tags tags, String name, Optional<Negotiate> before) {
    boolean soft =
        tags.find("soft", Netsh::yes)
            .orElse(before.map(Negotiate::allowFallbackToClear).orElse(false));
    List<QuickModeOffer> offers =
        Offers.of(
            tags,
            tags.find("pfsgroup", Netsh::pfsGroup),
            before.map(Negotiate::offers).orElseGet(Offers::usual));
    return new Negotiate(name, offers, soft, soft);
  }

  private DynamicRule rule(Tags tags, Optional<DynamicRule> before) {
    String mmpolicy = tags.find("mmpolicy").orElse(before.map(DynamicRule::mmpolicy).orElse(""));
    String qmpolicy = tags.find("qmpolicy").orElse(before.map(DynamicRule::qmpolicy).orElse(""));
    Act usual = mmpolicy.isEmpty() ? Act.BLOCK : Act.NEGOTIATE;
    Optional<Act> in = tags.find("actioninbound", DynamicWords::act);
    Optional<Act> out = tags.find("actionoutbound", DynamicWords::act);
    Act inbound = in.or(() -> before.map(DynamicRule::inbound)).or(() -> out).orElse(usual);
    Act outbound = out.or(() -> before.map(DynamicRule::outbound)).or(() -> in).orElse(usual);
    boolean negotiates = inbound == Act.NEGOTIATE || outbound == Act.NEGOTIATE;
    List<AuthMethod> authentication =
        Netsh.authentication(tags, DynamicWords::sealed, negotiates)
            .or(() -> before.map(DynamicRule::authentication))
            .orElse(List.of());
    if (authentication.isEmpty() && negotiates) {
      authentication = List.of(AuthMethod.Kerberos.KERBEROS);
    }
    DynamicRule which = which(tags);
    List<AuthMethod> methods = authentication;
    return tags.parsed(
        "rule",
        mmpolicy,
        name ->
            new DynamicRule(
                which.filter(),
                name,
                qmpolicy,
                inbound,
                outbound,
                negotiates ? methods : List.of(),
                which.tunnel(),
                which.networkType()));
  }

  private static AuthMethod sealed(String key) {
    throw new IllegalArgumentException(
        "a dynamic rule takes no pre-shared key: give kerberos=yes or rootca=, or put the rule into"
            + " a policy (found one of "
            + key.length()
            + " characters)");
  }

  private static Act act(String text) {
    return Act.parse(text.toLowerCase(Locale.ROOT));
  }

  /// Only what says which rule is meant counts.
  private static DynamicRule which(Tags tags) {
    var bare =
        new DynamicRule(
            Netsh.filter(tags),
            "",
            "",
            Act.BLOCK,
            Act.BLOCK,
            List.of(),
            Optional.empty(),
            tags.find("conntype", Netsh::connections).orElse(NetworkType.ALL));
    return tags.find("tunneldstaddress").isEmpty()
        ? bare
        : new DynamicRule(
            bare.filter(),
            "-",
            "-",
            Act.NEGOTIATE,
            Act.NEGOTIATE,
            List.of(AuthMethod.Kerberos.KERBEROS),
            tags.find("tunneldstaddress", Netsh::tunnel),
            bare.networkType());
  }

  boolean isConfig() {
    return kind.equals("config");
  }

  /// `property=ipsecexempt value=0`, or `ipsecexempt value=0`.
  DynamicChange configure() {
    Tags tags = tags(List.of("property", "value"));
    HostSetting setting = tags.get("property", Netsh::property);
    return new DynamicChange.Configure(
        setting, tags.get("value", text -> Netsh.value(setting, text)));
  }

  boolean isAssociations() {
    return kind.equals("sa");
  }

  Optional<IpAddress> peer() {
    return tags(List.of("peer")).find("peer", IpAddress::parse);
  }

  DynamicChange delete() {
    return switch (kind) {
      case "mmpolicy" -> new DynamicChange.DeleteMainModes(nameOrAll());
      case "qmpolicy" -> new DynamicChange.DeleteQuickModes(nameOrAll());
      case "rule" -> new DynamicChange.DeleteRule(which(tags(WHICH_RULE)));
      case "all" -> {
        Tags unused = tags(List.of());
        yield DynamicChange.DeleteAll.DELETE_ALL;
      }
      default -> throw unknown("mmpolicy, qmpolicy, rule, all or sa");
    };
  }

  private Optional<String> nameOrAll() {
    String name = tags(List.of("name")).get("name");
    return name.equals("all") ? Optional.empty() : Optional.of(name);
  }
}
