package dev.reeve.schema.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The parsers that a directory feeds, each with a check that must hold for any bytes and with real
/// values to start from.
enum FuzzTarget {
  DN(NameTargets::dn, Seeds::names),
  GP_LINK(NameTargets::gpLink, Seeds::links),
  EXTENSION_LIST(NameTargets::extensionList, Seeds::extensionLists),
  FACT_FILTER(FactFilterTarget::check, Seeds::factFilters),
  SECURITY_DESCRIPTOR(SecurityDescriptorTarget::check, Seeds::securityDescriptors),
  JSON(JsonTarget::check, Seeds::json),
  IPSEC_POLICY(IpsecDataTargets::policy, () -> Seeds.ipsecData("ipsecPolicy")),
  IPSEC_MAIN_MODE(IpsecDataTargets::mainMode, () -> Seeds.ipsecData("ipsecISAKMPPolicy")),
  IPSEC_RULE(IpsecDataTargets::rule, () -> Seeds.ipsecData("ipsecNFA")),
  IPSEC_ACTION(IpsecDataTargets::action, () -> Seeds.ipsecData("ipsecNegotiationPolicy")),
  IPSEC_FILTERS(IpsecDataTargets::filters, () -> Seeds.ipsecData("ipsecFilter"));

  private final Consumer<byte[]> check;
  private final Supplier<List<byte[]>> seeds;

  FuzzTarget(Consumer<byte[]> check, Supplier<List<byte[]>> seeds) {
    this.check = check;
    this.seeds = seeds;
  }

  /// As the script and the folders call it: `gp-link`.
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static FuzzTarget named(String label) {
    return Arrays.stream(values())
        .filter(target -> target.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no target '" + label + "'"));
  }

  /// @throws AssertionError when a promise is broken; any other exception is a broken one too
  void check(byte[] data) {
    check.accept(data);
  }

  List<byte[]> seeds() {
    return seeds.get();
  }

  static void must(boolean holds, Supplier<String> what) {
    if (!holds) throw new AssertionError(what.get());
  }
}
