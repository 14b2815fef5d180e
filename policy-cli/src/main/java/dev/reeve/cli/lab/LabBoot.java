package dev.reeve.cli.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What systemd would run on a lab's host, taken from the packaged units.
///
/// @param state of the host's agent
/// @param run of the host's agent
/// @param directory of the host's own
record LabBoot(Namespace namespace, Path state, Path run, Path directory) {

  /// As most distributions ship it.
  private static final String NFTABLES_CONF =
      """
      #!/usr/sbin/nft -f
      flush ruleset
      table inet filter {
        chain input {
          type filter hook input priority filter;
        }
      }
      """;

  void restart(HostSpec spec, boolean rules) throws LabException {
    namespace.must("ip", "link", "set", "eth0", "down");
    namespace.must("nft", "flush", "ruleset");
    namespace.must("ip", "xfrm", "policy", "flush");
    namespace.must("ip", "xfrm", "state", "flush");
    LabFiles.remove(run);
    if (rules) runUnit("reeve-boot.service", "ExecStart");
    // Errors are one for each packet of a flood that reaches an empty port, not one a second.
    namespace.must("sysctl", "-q", "-w", "net.ipv4.icmp_ratelimit=0");
    namespace.must("ip", "link", "set", "eth0", "up");
    for (String address : spec.addresses()) {
      if (address.indexOf(':') < 0) continue; // these are lost with the link
      namespace.must("ip", "addr", "replace", address, "dev", "eth0", "nodad");
    }
  }

  void reloadNftables() throws LabException {
    try {
      Files.writeString(directory.resolve("nftables.conf"), NFTABLES_CONF);
    } catch (IOException e) {
      throw new LabException("cannot write nftables.conf", e);
    }
    runUnit("nftables.service.d/reeve.conf", "ExecReload");
  }

  /// The last command of that name in a packaged unit, with this host's paths.
  private void runUnit(String unit, String key) throws LabException {
    String home = System.getenv("REEVE_HOME");
    if (home == null) throw new LabException("REEVE_HOME is not set: no packaged units");
    Path packaging = Path.of(home, "packaging");
    List<String> lines;
    try {
      lines = Files.readAllLines(packaging.resolve("systemd").resolve(unit));
    } catch (IOException e) {
      throw new LabException("cannot read " + unit, e);
    }
    String command =
        lines.stream()
            .filter(line -> line.startsWith(key + "=/"))
            .reduce((_, last) -> last)
            .orElseThrow(() -> new LabException(unit + " has no " + key))
            .substring(key.length() + 1)
            .replace("/usr/lib/reeve", packaging.toString())
            .replace("/etc/nftables.conf", directory.resolve("nftables.conf").toString());
    var words = new ArrayList<>(List.of("env", "REEVE_STATE=" + state, "REEVE_RUN=" + run));
    words.addAll(List.of(command.split(" ")));
    namespace.must(words.toArray(String[]::new));
  }
}
