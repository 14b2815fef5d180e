package dev.reeve.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The packaged units, as systemd reads them.
class UnitsTest {

  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Path UNITS = HOME.resolve("packaging/systemd");
  private static final Path NFTABLES = Path.of("/lib/systemd/system/nftables.service");

  @TempDir Path directory;

  /// Commands that this machine has, in place of those of an installed host.
  private static String here(String unit) {
    return unit.replace("/usr/lib/reeve/", HOME.resolve("packaging") + "/")
        .replace("/usr/lib/reeve ", "")
        .replace("/usr/bin/reeve", HOME.resolve("reeve").toString());
  }

  private void copy(String unit) throws IOException {
    Path target = directory.resolve(unit);
    Files.createDirectories(target.getParent());
    Files.writeString(target, here(Files.readString(UNITS.resolve(unit))));
  }

  private void wanted(String target, String unit) throws IOException {
    Path wants = Files.createDirectories(directory.resolve(target + ".wants"));
    Files.createSymbolicLink(wants.resolve(unit), directory.resolve(unit));
  }

  /// Of the whole way to a running machine.
  private String verify() throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder("systemd-analyze", "verify", "--man=no", "multi-user.target")
            .redirectErrorStream(true);
    builder.environment().put("SYSTEMD_UNIT_PATH", directory + ":");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return "exit " + process.waitFor() + "\n" + said;
  }

  @BeforeEach
  void install() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze");
    assumeTrue(Files.exists(NFTABLES), "no nftables.service");
    copy("reeve-boot.service");
    copy("reeve-agent.service");
    copy("nftables.service.d/reeve.conf");
    Files.copy(NFTABLES, directory.resolve("nftables.service"));
    wanted("sysinit.target", "reeve-boot.service");
    wanted("sysinit.target", "nftables.service");
    wanted("multi-user.target", "reeve-agent.service");
  }

  @Test
  void systemd_finds_no_fault_and_no_cycle_in_them() throws IOException, InterruptedException {
    assertThat(verify()).isEqualTo("exit 0\n");
  }

  /// Whatever stands between the second and the first, in this order, would turn theirs round.
  @ParameterizedTest(name = "{0} before {1}")
  @CsvSource({
    "nftables.service, reeve-boot.service",
    "reeve-boot.service, network-pre.target",
    "reeve-boot.service, reeve-agent.service",
  })
  void one_is_started_before_the_other(String first, String second)
      throws IOException, InterruptedException {
    Files.writeString(
        directory.resolve("between.service"),
        "[Unit]\nDefaultDependencies=no\nAfter=%s\nBefore=%s\n[Service]\nExecStart=/bin/true\n"
            .formatted(second, first));
    wanted("sysinit.target", "between.service");
    assertThat(verify()).contains("ordering cycle");
  }
}
