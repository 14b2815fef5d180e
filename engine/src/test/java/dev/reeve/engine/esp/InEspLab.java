package dev.reeve.engine.esp;

import dev.reeve.model.spd.HostPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// Cases in a lab that is theirs alone: each finds the hosts without a policy.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InEspLab {

  private Optional<EspLab> opened = Optional.empty();

  final EspLab lab() {
    return opened.orElseThrow();
  }

  /// As two hosts of one domain have it.
  final void applyToBoth(HostPolicy policy) throws Exception {
    lab().a.apply(policy);
    lab().b.apply(policy);
  }

  @BeforeAll
  void open() throws Exception {
    opened = Optional.of(new EspLab());
  }

  @AfterAll
  void close() {
    opened.ifPresent(EspLab::close);
  }

  @AfterEach
  void withdraw() throws Exception {
    for (EspLab.Host host : lab().hosts()) host.engine.removeAll();
    forget();
    for (EspLab.Host host : List.of(lab().a, lab().b)) host.settled().clear();
  }

  /// What else a case has given to hosts.
  void forget() throws Exception {}
}
