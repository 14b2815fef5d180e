package dev.reeve.model.net;

import java.util.Locale;
import java.util.Map;

/// An IP protocol number, or any. Text form: `any`, a well-known name (`tcp`, `udp`, `icmp`, …) or
/// the number.
///
/// @param number 1..255, or 0 for any: 0 is what Microsoft's filters use, and hop-by-hop options
///   are no upper layer
public record IpProtocol(int number) {

  public static final IpProtocol ANY = new IpProtocol(0);
  public static final IpProtocol ICMP = new IpProtocol(1);
  public static final IpProtocol TCP = new IpProtocol(6);
  public static final IpProtocol UDP = new IpProtocol(17);
  public static final IpProtocol RSVP = new IpProtocol(46);
  public static final IpProtocol ESP = new IpProtocol(50);
  public static final IpProtocol AH = new IpProtocol(51);
  public static final IpProtocol ICMPV6 = new IpProtocol(58);

  private static final Map<String, IpProtocol> BY_NAME =
      Map.of(
          "any", ANY, "icmp", ICMP, "tcp", TCP, "udp", UDP, "rsvp", RSVP, "esp", ESP, "ah", AH,
          "icmpv6", ICMPV6);

  public IpProtocol {
    if (number < 0 || number > 255) {
      throw new IllegalArgumentException("protocol " + number + ", expected 0..255");
    }
  }

  /// @throws IllegalArgumentException naming the text
  public static IpProtocol parse(String text) {
    IpProtocol named = BY_NAME.get(text.toLowerCase(Locale.ROOT));
    if (named != null) return named;
    if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("'" + text + "' is no protocol name or number");
    }
    return new IpProtocol(Integer.parseInt(text));
  }

  public boolean isAny() {
    return number == 0;
  }

  /// Whether ports mean something for it.
  public boolean hasPorts() {
    return equals(TCP) || equals(UDP);
  }

  @Override
  public String toString() {
    for (var entry : BY_NAME.entrySet()) if (entry.getValue().equals(this)) return entry.getKey();
    return Integer.toString(number);
  }
}
