package dev.reeve.engine.esp;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.IpsecActivity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;

/// Cases of hosts d and e, who share a NAT, and b, who has none.
abstract class BehindNat extends InEspLab {

  static final HostPolicy STRICT = TestPolicies.of("require me <> any");

  private Optional<EspNat> natOfClients = Optional.empty();
  private final Map<EspLab.Host, HostPolicy> applied = new LinkedHashMap<>();

  final EspLab.Host b() {
    return lab().b;
  }

  final EspNat nat() {
    return natOfClients.orElseThrow();
  }

  final EspLab.Host d() {
    return nat().hosts.getFirst();
  }

  final EspLab.Host e() {
    return nat().hosts.getLast();
  }

  @BeforeAll
  void openNat() throws Exception {
    natOfClients = Optional.of(new EspNat(lab(), "n", 71, 9, "d", "e"));
  }

  @Override
  void forget() throws Exception {
    applied.clear();
    for (EspLab.Host host : nat().hosts) host.engine.removeAll();
    nat().mtu(1500);
    for (EspLab.Host host : List.of(b(), d(), e())) host.forgetWays();
    nat().wire.clear();
  }

  void apply(EspLab.Host host, HostPolicy policy) throws Exception {
    applied.put(host, policy);
    var unused = host.apply(policy);
  }

  void leave(EspLab.Host host) throws Exception {
    host.engine.removeAll();
    applied.remove(host);
  }

  /// What the agents do, every half second.
  void look() throws Exception {
    for (var one : applied.entrySet()) {
      var engine = one.getKey().engine;
      if (engine.needsAttention() | engine.peersChanged()) {
        var unused = one.getKey().apply(one.getValue());
      }
    }
  }

  String say(EspLab.Host host, String command) throws Exception {
    return said(host.name + " to " + command, () -> host.say(command));
  }

  /// The answer, while the agents look.
  <T> T said(String what, Supplier<T> command) throws Exception {
    var said = CompletableFuture.supplyAsync(command);
    Await.until(
        what,
        EspLab.LONG,
        () -> {
          look();
          return said.isDone();
        });
    return said.join();
  }

  void awaitReach(EspLab.Host from, String source, String to) throws Exception {
    Await.until(source + " to reach " + to, EspLab.LONG, () -> reaches(from, source, to));
  }

  boolean reaches(EspLab.Host from, String source, String to) throws Exception {
    return said(from.name + " to reach " + to, () -> from.reaches(source, to, 80));
  }

  boolean cannotReach(EspLab.Host from, String source, String to) throws Exception {
    return said(from.name + " not to reach " + to, () -> from.cannotReach(source, to, 80));
  }

  /// By their addresses and ports, as tcpdump writes them.
  List<String> ports(Wire wire, int family) {
    String from = (family == 4 ? "IP " + nat().v4 : "IP6 " + nat().v6) + ".";
    return wire.seen(Kind.SECURED).stream()
        .filter(line -> line.startsWith(from))
        .map(line -> line.substring(0, line.indexOf(" > ")))
        .distinct()
        .toList();
  }

  static IpsecActivity activity(EspLab.Host host) throws Exception {
    return host.engine.observe().activity();
  }
}
