package dev.reeve.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.config.AgentConfig;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.engine.BootBlock;
import dev.reeve.engine.IpsecEngine;
import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.Negotiator;
import dev.reeve.engine.XfrmEngine;
import dev.reeve.engine.ike.IkeDaemon;
import dev.reeve.engine.ike.IkeException;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which engine a host gets, and what is said of it at the start.
class EngineChoiceTest {

  @TempDir Path directory;

  private static Nft nft(String here) {
    String script =
        switch (here) {
          case "works" -> "echo '{\"nftables\":[]}'";
          case "no right" -> "echo 'Operation not permitted (you must be root)' >&2; exit 1";
          default -> "";
        };
    return here.equals("missing")
        ? Nft.by(List.of("/nowhere/nft"))
        : Nft.by(List.of("sh", "-c", script, "nft"));
  }

  /// @param right whether this host may set the kernel's policies
  private static IpsecEngine withoutNft(boolean right) {
    var works = new FakeEngine();
    works.name = "xfrm";
    return right ? works : new XfrmEngine(ip(Optional.empty()));
  }

  /// @param said what `ip` says when it fails
  private static Xfrm ip(Optional<String> said) {
    String script = said.map(words -> "echo '" + words + "' >&2; exit 2").orElse("cat >/dev/null");
    return new Xfrm(List.of("sh", "-c", script, "x"));
  }

  private record Charon(Optional<String> missing) implements IkeDaemon {
    @Override
    public Path ensure() throws IkeException {
      throw new AssertionError("none is started before it is needed");
    }

    @Override
    public Path directory() {
      return Path.of("/nowhere");
    }

    @Override
    public void logging(boolean detailed) {}

    @Override
    public boolean runs() {
      return false;
    }
  }

  @ParameterizedTest(name = "{0}, nft {1}, lacks {2}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          auto    | works    | ''        | linux   | ''
          auto    | works    | ESP       | linux   | WARNING: nothing can be negotiated here, and what must be secured is dropped: this kernel has no ESP: it needs the modules esp4, esp6 and xfrm_user ~ RTNETLINK answers: Protocol not supported
          auto    | works    | a plug-in | linux   | WARNING: nothing can be negotiated here, and what must be secured is dropped: no plug-in vici
          auto    | missing  | ''        | xfrm    | nftables is not installed (Debian package nftables): blocked and permitted by the kernel's IPsec policies alone; nothing is negotiated, and what must be secured is dropped
          auto    | missing  | a right   | dry-run | the kernel's engine cannot work here: ~ install the package nftables ~; nothing is enforced, the dry run only shows it
          auto    | no right | ''        | dry-run | the kernel's engine cannot work here: ~ run as root or with CAP_NET_ADMIN ~; nothing is enforced, the dry run only shows it
          linux   | works    | ''        | linux   | ''
          linux   | works    | ESP       | linux   | WARNING: nothing can be negotiated here, and what must be secured is dropped: this kernel has no ESP ~
          linux   | missing  | ''        | xfrm    | nftables is not installed (Debian package nftables): ~
          linux   | missing  | a right   | none    | the kernel's engine cannot work here: ~ install the package nftables ~
          linux   | no right | ''        | none    | the kernel's engine cannot work here: ~ run as root or with CAP_NET_ADMIN ~
          dry-run | works    | ESP       | dry-run | ''
          dry-run | missing  | ''        | dry-run | ''
          """)
  void the_engine_is_chosen_and_what_is_missing_said(
      String wanted, String nft, String lacks, String engine, String said) throws IOException {
    var credentials =
        new IkeCredentials(StateDirectory.open(directory), new OtherCertificates(directory));
    var linux =
        new LinuxEngine(
            nft(nft),
            new Negotiator(
                ip(
                    Optional.of("RTNETLINK answers: Protocol not supported")
                        .filter(_ -> lacks.equals("ESP"))),
                new Charon(Optional.of("no plug-in vici").filter(_ -> lacks.equals("a plug-in"))),
                credentials::read));
    String got;
    String words;
    try (var log = new Logged("engine")) {
      try {
        EngineChoice choice =
            EngineChoice.make(
                AgentConfig.EngineChoice.valueOf(wanted.toUpperCase(Locale.ROOT).replace('-', '_')),
                linux,
                withoutNft(!lacks.equals("a right")),
                one -> new BootBlock(one, ip(Optional.empty()), directory.resolve("blocked")),
                credentials);
        got = choice.name();
        assertThat(choice.engine() instanceof BootBlock)
            .as("lifts what reeve-boot blocked")
            .isEqualTo(!engine.equals("dry-run"));
        words = String.join("\n", choice.problems()) + String.join("\n", log.lines());
      } catch (IOException e) {
        got = "none";
        words = String.valueOf(e.getMessage());
      }
    }
    assertThat(got).isEqualTo(engine);
    if (said.contains("~")) assertThat(words).contains(said.split(" *~;? *"));
    else assertThat(words).isEqualTo(said);
  }
}
