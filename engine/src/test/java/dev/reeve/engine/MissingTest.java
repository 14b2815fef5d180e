package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.engine.ike.IkeDaemon;
import dev.reeve.engine.ike.IkeException;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A host that lacks something, by programs that say what the real ones would.
class MissingTest {

  @TempDir Path directory;

  /// Takes any table, and says that there is none before.
  private Nft nft() {
    String script =
        "case $1 in -f) cat >>" + directory + "/loaded;; *) echo '{\"nftables\":[]}';; esac";
    return Nft.by(List.of("sh", "-c", script, "nft"));
  }

  /// @param said what `ip` says when it fails; empty for success
  private static Xfrm ip(String said) {
    String script = said.isEmpty() ? "cat >/dev/null" : "echo '" + said + "' >&2; exit 2";
    return new Xfrm(List.of("sh", "-c", script, "x"));
  }

  private record NoCharon(String why) implements IkeDaemon {
    @Override
    public Path ensure() throws IkeException {
      throw new IkeException(why);
    }

    @Override
    public Path directory() {
      return Path.of("/nowhere");
    }

    @Override
    public Optional<String> missing() {
      return Optional.of(why);
    }

    @Override
    public void logging(boolean detailed) {}

    @Override
    public boolean runs() {
      return false;
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          no ESP    | RTNETLINK answers: Protocol not supported  | it needs the modules esp4, esp6 and xfrm_user
          no right  | RTNETLINK answers: Operation not permitted | run as root or with CAP_NET_ADMIN
          """)
  void what_is_missing_is_named_and_the_rest_enforced(String name, String said, String reason)
      throws Exception {
    var engine = new LinuxEngine(nft(), negotiator(ip(said)));
    assertThat(engine.missing()).anyMatch(missing -> missing.contains(reason));

    ApplyOutcome outcome =
        engine.apply(
            TestPolicies.of("block any <> me#23 tcp", "require me <> 10.0.0.0/8"), HostView.NONE);
    // This nft takes everything and holds nothing, and that is seen. The rest is in what it took.
    assertThat(outcome)
        .isInstanceOfSatisfying(
            ApplyOutcome.Failed.class,
            failed -> {
              assertThat(failed.failedStep()).isEqualTo("read back what was applied");
              assertThat(failed.rules())
                  .hasSize(2)
                  .allMatch(rule -> rule.state() == RuleStatus.State.FAILED);
            });
    assertThat(Files.readString(directory.resolve("loaded")))
        .contains("dport 23", "10.0.0.0/8", "drop")
        .doesNotContain("reqid");
  }

  @Test
  void without_charon_its_packages_are_named() {
    var engine = new LinuxEngine(nft(), negotiator(ip("")));
    assertThat(engine.missing()).containsExactly("strongSwan is not installed");
  }

  private static Negotiator negotiator(Xfrm xfrm) {
    return new Negotiator(
        xfrm,
        new NoCharon("strongSwan is not installed"),
        () ->
            new Negotiator.Credentials(
                Optional.empty(),
                List.of(),
                _ -> Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void without_nft_the_package_is_named() {
    var engine = new LinuxEngine(Nft.by(List.of("/nowhere/nft")), ip(""));
    assertThatThrownBy(engine::observe)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("install the package nftables");
  }

  @Test
  void without_the_right_to_use_nft_the_right_is_named() {
    String script = "echo 'Operation not permitted (you must be root)' >&2; exit 1";
    var engine = new LinuxEngine(Nft.by(List.of("sh", "-c", script)), ip(""));
    assertThatThrownBy(engine::observe)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("run as root or with CAP_NET_ADMIN");
  }
}
