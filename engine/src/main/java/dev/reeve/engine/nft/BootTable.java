package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftRule.Verdict.Accept;
import dev.reeve.engine.nft.NftRule.Verdict.Drop;
import dev.reeve.model.spd.Boot;
import dev.reeve.model.spd.Exemption;
import dev.reeve.model.spd.Exemption.Direction;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The table that holds until the agent has applied its policy: under the same name, so that the
/// agent's own replaces it in one transaction.
///
/// What arrives, for this host or to be forwarded, is judged before the gate would judge it. Under
/// *stateful* the gate is there as well, without associations: what the policy blocks or requires
/// to be secured does not leave in clear because the host was started anew. Under *block* what
/// leaves is judged too.
public final class BootTable {

  /// Just before the gate.
  private static final int ARRIVING = Gate.PREROUTING - 10;

  private static final int LEAVING = Gate.POSTROUTING - 10;

  private static final String DROPPED = "boot";

  private static final NftRule DROP = NftRule.counted(DROPPED, Drop.DROP);

  private BootTable() {}

  public static NftTable of(Boot boot, Spd spd, HostView host) {
    return switch (boot.mode()) {
      case PERMIT -> NftTable.of(List.of(), List.of(), List.of());
      case BLOCK ->
          NftTable.of(
              List.of(), List.of(arriving(boot), forwarded(), leaving(boot)), List.of(DROPPED));
      case STATEFUL -> stateful(boot, spd, host);
    };
  }

  private static NftTable stateful(Boot boot, Spd spd, HostView host) {
    var exemptions = new ArrayList<>(boot.exemptions());
    exemptions.addAll(spd.exemptions());
    var exempt = new Spd(exemptions, spd.entries(), List.of(), List.of());
    Optional<NftTable> gate = Gate.render(exempt, host).table();
    var chains = new ArrayList<>(List.of(arriving(boot), forwarded()));
    gate.ifPresent(table -> chains.addAll(table.chains()));
    var counters = new ArrayList<>(List.of(DROPPED));
    gate.ifPresent(table -> counters.addAll(table.counters().keySet()));
    return NftTable.of(gate.map(NftTable::maps).orElse(List.of()), chains, counters);
  }

  private static NftChain arriving(Boot boot) {
    NftRule own = NftRule.of(Accept.ACCEPT, NftMatch.Loopback.INCOMING);
    return NftChain.base(
        "boot_in", "prerouting", ARRIVING, rules(own, boot.exemptions(), Direction.INBOUND));
  }

  private static NftChain leaving(Boot boot) {
    NftRule own = NftRule.of(Accept.ACCEPT, NftMatch.Loopback.OUTGOING);
    return NftChain.base(
        "boot_out", "postrouting", LEAVING, rules(own, boot.exemptions(), Direction.OUTBOUND));
  }

  /// An exemption opens a published port, but no way through this host.
  private static NftChain forwarded() {
    return NftChain.base(
        "boot_forward",
        "forward",
        Gate.FILTER,
        List.of(
            NftRule.of(Accept.ACCEPT, NftMatch.Established.ESTABLISHED),
            NftRule.of(Accept.ACCEPT, NftMatch.Redirected.REDIRECTED),
            DROP));
  }

  private static List<NftRule> rules(NftRule own, List<Exemption> exemptions, Direction way) {
    NftRule answers = NftRule.of(Accept.ACCEPT, NftMatch.Established.ESTABLISHED);
    Stream<NftRule> exempt =
        exemptions.stream()
            .filter(exemption -> exemption.direction() == way)
            .flatMap(exemption -> Exempt.rules(exemption).stream())
            .distinct();
    return Stream.of(Stream.of(own, answers), exempt, Stream.of(DROP)).flatMap(s -> s).toList();
  }
}
