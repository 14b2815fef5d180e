package dev.reeve.cli.ipsec.library;

import dev.reeve.cli.ipsec.netsh.Netsh;
import dev.reeve.cli.ipsec.netsh.Offers;
import dev.reeve.cli.ipsec.netsh.Tags;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `add|set|delete policy` and `set defaultrule`.
record PolicyCommands(PolicyLibrary library, Secrets secrets) {

  private static final String DEFAULT_RESPONSE = "Default response";
  private static final List<String> ADD =
      List.of(
          "name",
          "description",
          "mmpfs",
          "qmpermm",
          "mmlifetime",
          "activatedefaultrule",
          "pollinginterval",
          "assign",
          "mmsecmethods");
  private static final List<String> SET =
      List.of(
          "name",
          "newname",
          "description",
          "mmpfs",
          "qmpermm",
          "mmlifetime",
          "activatedefaultrule",
          "pollinginterval",
          "assign",
          "gponame",
          "mmsecmethods",
          "guid");

  PolicyLibrary add(List<String> words) throws LibraryException {
    Tags tags = Tags.parse("add policy", ADD, words);
    String name = Named.fresh(tags, "name");
    if (library.findPolicy(name).isPresent()) {
      throw new LibraryException(
          "a policy is called '" + name + "' already; set policy changes it");
    }
    var bare =
        new IpsecPolicy(
            Ids.next(),
            name,
            "",
            IpsecPolicy.DEFAULT_POLLING_INTERVAL,
            MainMode.DEFAULT,
            List.of());
    boolean answers = tags.find("activatedefaultrule", Netsh::yes).orElse(true);
    IpsecPolicy policy = edited(tags, answers ? withDefaultRule(bare, true) : bare);
    return assigned(tags, library.with(policy), policy);
  }

  PolicyLibrary set(List<String> words) throws LibraryException {
    Tags tags = Tags.parse("set policy", SET, words);
    if (tags.find("gponame").isPresent()) {
      throw new LibraryException(
          "a store on a host has no GPOs: in the directory, point the GPO's ipsecOwnersReference at"
              + " the policy");
    }
    IpsecPolicy before = library.policy(Named.which(tags, "policy"));
    Optional<String> name = Named.other(tags);
    if (name.flatMap(library::findPolicy).filter(p -> !p.id().equals(before.id())).isPresent()) {
      throw new LibraryException("a policy is called '" + name.get() + "' already");
    }
    IpsecPolicy named =
        new IpsecPolicy(
            before.id(),
            name.orElse(before.name()),
            before.description(),
            before.pollingInterval(),
            before.mainMode(),
            before.rules());
    Optional<Boolean> answers = tags.find("activatedefaultrule", Netsh::yes);
    IpsecPolicy policy =
        edited(tags, answers.isPresent() ? withDefaultRule(named, answers.get()) : named);
    return assigned(tags, library.with(policy), policy);
  }

  private static IpsecPolicy edited(Tags tags, IpsecPolicy before) {
    MainMode mode = before.mainMode();
    return new IpsecPolicy(
        before.id(),
        before.name(),
        tags.find("description").orElse(before.description()),
        tags.find("pollinginterval", text -> Duration.ofMinutes(Netsh.number(text, 1, 1_000_000)))
            .orElse(before.pollingInterval()),
        new MainMode(
            tags.find("mmpfs", Netsh::yes).orElse(mode.perfectForwardSecrecy()),
            tags.find("qmpermm", text -> Netsh.number(text, 0, 1_000_000))
                .orElse(mode.quickModesPerMainMode()),
            tags.find("mmlifetime", text -> Duration.ofMinutes(Netsh.number(text, 1, 2880)))
                .orElse(mode.lifetime()),
            tags.find("mmsecmethods", Netsh::mainModeMethods).orElse(mode.proposals())),
        before.rules());
  }

  private static PolicyLibrary assigned(Tags tags, PolicyLibrary library, IpsecPolicy policy) {
    Optional<Boolean> assign = tags.find("assign", Netsh::yes);
    if (assign.isEmpty()) return library;
    if (assign.get()) return library.withAssigned(Optional.of(policy.id()));
    return library.isAssigned(policy) ? library.withAssigned(Optional.empty()) : library;
  }

  PolicyLibrary delete(List<String> words) throws LibraryException {
    Tags tags = Tags.parse("delete policy", List.of("name"), words);
    String name = tags.get("name");
    List<IpsecPolicy> meant =
        name.equals("all") ? library.policies() : List.of(library.policy(name));
    PolicyLibrary left = library;
    for (IpsecPolicy policy : meant) {
      if (library.isAssigned(policy)) {
        throw new LibraryException(
            "policy '"
                + policy.name()
                + "' is assigned: set policy name=\""
                + policy.name()
                + "\" assign=no first");
      }
      left = left.without(policy);
    }
    return left;
  }

  /// The rule that answers whoever asks for security. There is one, active or not, or none yet.
  private static IpsecPolicy withDefaultRule(IpsecPolicy policy, boolean active) {
    Optional<IpsecRule> there = defaultRule(policy);
    if (there.isEmpty() && !active) return policy;
    IpsecRule rule = there.orElseGet(PolicyCommands::usualDefaultRule);
    return PolicyEdit.with(
        policy, new RuleEdit(rule).with(rule.name(), rule.description(), active));
  }

  static Optional<IpsecRule> defaultRule(IpsecPolicy policy) {
    return policy.rules().stream().filter(IpsecRule::isDefaultResponse).findFirst();
  }

  private static IpsecRule usualDefaultRule() {
    return new IpsecRule(
        Ids.next(),
        DEFAULT_RESPONSE,
        "",
        true,
        Optional.empty(),
        new Negotiate(DEFAULT_RESPONSE, Offers.usual(), true, true),
        List.of(AuthMethod.Kerberos.KERBEROS),
        Optional.empty(),
        NetworkType.ALL);
  }

  PolicyLibrary setDefaultRule(List<String> words) throws LibraryException {
    Tags tags =
        Tags.parse(
            "set defaultrule",
            List.of("policy", "qmpfs", "activate", "qmsecmethods", "kerberos", "psk", "rootca*"),
            words);
    IpsecPolicy policy = library.policy(tags.get("policy"));
    IpsecRule before = defaultRule(policy).orElseGet(PolicyCommands::usualDefaultRule);
    if (!(before.action() instanceof Negotiate action)) {
      throw new IllegalStateException("a default response that does not negotiate");
    }
    List<QuickModeOffer> offers = Offers.of(tags, action.offers());
    List<AuthMethod> authentication =
        Netsh.authentication(tags, secrets::seal, true).orElse(before.authentication());
    IpsecRule rule =
        new IpsecRule(
            before.id(),
            before.name(),
            before.description(),
            tags.find("activate", Netsh::yes).orElse(before.active()),
            Optional.empty(),
            new Negotiate(
                action.name(),
                offers,
                action.acceptUnsecuredInbound(),
                action.allowFallbackToClear()),
            authentication,
            Optional.empty(),
            before.networkType());
    return library.with(PolicyEdit.with(policy, rule));
  }
}
