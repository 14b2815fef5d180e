package dev.reeve.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// What this host says of itself.
///
/// @param root `/`, or a tree that looks like it
public record HostFacts(Path root) {

  private static final int MAX = 200;

  /// Without the address.
  public Map<String, String> read() {
    var facts = new TreeMap<String, String>();
    put(facts, "hostname", line("proc/sys/kernel/hostname"));
    put(facts, "kernel", line("proc/sys/kernel/osrelease"));
    put(facts, "arch", System.getProperty("os.arch", ""));
    for (String line : text("etc/os-release").split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals < 0) continue;
      String value = line.substring(equals + 1).strip().replaceAll("^[\"']|[\"']$", "");
      if (line.startsWith("ID=")) put(facts, "os", value);
      if (line.startsWith("VERSION_ID=")) put(facts, "os.version", value);
    }
    return facts;
  }

  /// @param local the address of the route to the server
  public Map<String, String> read(InetAddress local) {
    Map<String, String> facts = read();
    String address = local.getHostAddress();
    int zone = address.indexOf('%');
    put(facts, "address", zone < 0 ? address : address.substring(0, zone));
    return facts;
  }

  private static void put(Map<String, String> facts, String name, String value) {
    if (!value.isBlank()) facts.put(name, value.substring(0, Math.min(MAX, value.length())));
  }

  private String line(String file) {
    return text(file).strip();
  }

  private String text(String file) {
    try (var in = Files.newInputStream(root.resolve(file))) {
      return new String(in.readNBytes(16 << 10), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
