package dev.reeve.model.spd;

import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.IpsecPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What passes from before a host's network is up until its agent has applied its policy.
///
/// @param exemptions what passes in any mode, with the answers to it
public record Boot(Mode mode, List<Exemption> exemptions) {

  public enum Mode {
    /// What this host begins, as far as its policy would let it pass, and the answers to it.
    STATEFUL,
    /// Nothing but what is exempt.
    BLOCK,
    /// Everything.
    PERMIT;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public Boot {
    exemptions = List.copyOf(exemptions);
  }

  /// A host that nobody gave a policy or a boot mode is open at boot as it is later.
  public static Boot of(HostPolicy policy, HostView host) {
    boolean open = !policy.settings().sets(HostSetting.BOOT_MODE) && !hasRules(policy);
    Mode mode = open ? Mode.PERMIT : mode(policy.settings().bootMode());
    return new Boot(mode, Exemptions.atBoot(policy.settings().bootExemptions(), host));
  }

  private static boolean hasRules(HostPolicy policy) {
    return Stream.of(policy.persistent(), policy.active())
        .flatMap(Optional::stream)
        .map(IpsecPolicy::rules)
        .anyMatch(rules -> !rules.isEmpty());
  }

  private static Mode mode(String word) {
    return switch (word) {
      case "permit" -> Mode.PERMIT;
      case "block" -> Mode.BLOCK;
      default -> Mode.STATEFUL;
    };
  }
}
