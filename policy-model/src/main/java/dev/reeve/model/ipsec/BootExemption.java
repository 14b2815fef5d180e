package dev.reeve.model.ipsec;

import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Traffic that passes before the agent has applied a policy after boot, with the answers to it.
///
/// As netsh writes it: `TCP:80:80:outbound` is protocol, source port, destination port (0 = any)
/// and direction; a protocol without ports is `ICMP:inbound`, or `1:0:0:inbound`.
public record BootExemption(
    IpProtocol protocol, PortRange sourcePorts, PortRange destinationPorts, boolean outbound) {

  private static final Pattern TEXT =
      Pattern.compile(
          "([a-z]+|[0-9]{1,3})(?::(([0-9]{1,5}):([0-9]{1,5})))?:(inbound|outbound)",
          Pattern.CASE_INSENSITIVE);

  /// @throws IllegalArgumentException saying what was found
  public static BootExemption parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) throw new IllegalArgumentException("found '" + text + "'");
    IpProtocol protocol = IpProtocol.parse(parts.group(1));
    String ports = parts.group(2);
    boolean portsFit = protocol.hasPorts() ? ports != null : ports == null || ports.equals("0:0");
    if (!portsFit) throw new IllegalArgumentException("found '" + text + "'");
    boolean outbound = parts.group(5).toLowerCase(Locale.ROOT).equals("outbound");
    return new BootExemption(protocol, port(parts.group(3)), port(parts.group(4)), outbound);
  }

  private static PortRange port(@Nullable String text) {
    return text == null || text.matches("0+") ? PortRange.ANY : PortRange.parse(text);
  }

  /// `TCP:80:80:outbound`.
  @Override
  public String toString() {
    String ports = ":" + number(sourcePorts) + ":" + number(destinationPorts);
    return protocol.toString().toUpperCase(Locale.ROOT)
        + (protocol.hasPorts() ? ports : "")
        + (outbound ? ":outbound" : ":inbound");
  }

  private static int number(PortRange port) {
    return port.isAny() ? 0 : port.first();
  }
}
