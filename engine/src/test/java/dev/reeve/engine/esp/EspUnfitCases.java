package dev.reeve.engine.esp;

import static dev.reeve.engine.TestPolicies.posture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.ike.CharonCheck;
import dev.reeve.model.status.RuleStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A host whose charon runs and is not to be used. Run by [EspIT] on a kernel with ESP.
class EspUnfitCases extends InEspLab {

  /// It takes commands where ours would: nothing passes, and what is wrong is said, until one that
  /// is fit runs there.
  @ParameterizedTest(name = "a charon {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          with bypass-lan | bypass-lan, which lets traffic to the own subnets pass in clear
          without pkcs8   | its plug-in pkcs8 (Debian package libstrongswan)
          """)
  void a_charon_that_is_unfit_is_named_and_nothing_passes(String which, String told)
      throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    Path socket = a.charon.ensure();
    Process unfit = replace(a, socket, which);
    try {
      RuleStatus rule = a.apply(posture("strict")).rules().getFirst();
      assertThat(rule.state()).isEqualTo(RuleStatus.State.NOT_NEGOTIATED);
      assertThat(rule.detail()).contains(told);
      String plugin = which.substring(which.indexOf(' ') + 1);
      assertThat(CharonCheck.of(socket))
          .isInstanceOfSatisfying(
              CharonCheck.Unfit.class, one -> assertThat(one.detail()).contains(plugin));
      b.settled().clear();
      assertThat(a.cannotReach(b, 80)).isTrue();
      assertThat(b.settled().seen(Kind.CLEAR)).as("what a sends").isEmpty();
      assertThat(b.cannotReach(a, 80)).isTrue();
      assertThat(a.settled().seen(Kind.CLEAR))
          .as("what a answers")
          .noneMatch(line -> line.startsWith("IP " + a.v4));
      assertThat(a.settled().count(Kind.SECURED)).isZero();
    } finally {
      unfit.destroy();
      var unused = unfit.onExit().join();
    }

    for (EspLab.Host host : lab().hosts().subList(0, 2))
      assertThat(host.apply(posture("strict")).rules())
          .extracting(RuleStatus::state)
          .containsOnly(RuleStatus.State.ENFORCED);
    b.settled().clear();
    assertThat(a.reaches(b, 80)).as(a.log()).isTrue();
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(b.settled().count(Kind.SECURED)).isPositive();
  }

  /// Another charon in its place, with our settings but for one plug-in.
  private static Process replace(EspLab.Host host, Path socket, String which) throws Exception {
    Path settings = socket.resolveSibling("unfit.conf");
    Files.writeString(settings, unfit(socket.resolveSibling("strongswan.conf"), which));
    host.charon.close();
    var builder = new ProcessBuilder(host.within("/usr/sbin/charon-systemd"));
    builder.environment().put("STRONGSWAN_CONF", settings.toString());
    Process unfit =
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    Await.until("an unfit charon to listen", EspLab.LONG, host.charon::runs);
    return unfit;
  }

  private static String unfit(Path settings, String which) throws IOException {
    String plugin = which.substring(which.indexOf(' '));
    String fit = Files.readString(settings);
    String unfit =
        which.startsWith("without ")
            ? fit.replace(plugin + " ", " ")
            : fit.replaceFirst(" vici ", " vici" + plugin + " ");
    assertThat(unfit).isNotEqualTo(fit);
    return unfit;
  }
}
