package dev.reeve.model.bundle;

import dev.reeve.model.net.IpAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Everything a new host needs to trust a server and be trusted by it, in one line to paste:
/// `reeve://HOST:PORT/TOKEN.SECRET#PIN`.
///
/// The secret is sent only to a server whose root key matches the pin.
///
/// @param tokenId names the token, 16 lower-case hex digits
/// @param secret 64 lower-case hex digits; `toString` hides it, [#toText] does not
/// @param pin SHA-256 of the root certificate's public key (SubjectPublicKeyInfo, DER)
public record JoinString(String host, int port, String tokenId, String secret, Digest pin) {

  private static final String HOST = "[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})";
  private static final String ID = "[0-9a-f]{16}";
  private static final String SECRET = "[0-9a-f]{64}";

  private static final Pattern TEXT =
      Pattern.compile(
          "reeve://(\\[[0-9a-fA-F:.]+\\]|"
              + HOST
              + "):([0-9]{1,5})/("
              + ID
              + ")\\.("
              + SECRET
              + ")#([0-9a-f]{64})");

  public JoinString {
    boolean known = host.indexOf(':') < 0 ? host.matches(HOST) : IpAddress.find(host).isPresent();
    if (!known)
      throw new IllegalArgumentException("'" + host + "' is no host name or address to join");
    if (port < 1 || port > 65535)
      throw new IllegalArgumentException("port " + port + ", expected 1..65535");
    if (!tokenId.matches(ID))
      throw new IllegalArgumentException("token id: expected 16 lower-case hex digits");
    if (!secret.matches(SECRET)) // and not a word about what it is
    throw new IllegalArgumentException("token secret: expected 64 lower-case hex digits");
  }

  /// @throws IllegalArgumentException without repeating the text: it holds a secret
  public static JoinString parse(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "this is no join string; expected reeve://HOST:PORT/TOKEN.SECRET#PIN as 'reeve token create' prints it");
    }
    String host = parts.group(1);
    return new JoinString(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(parts.group(2)),
        parts.group(3),
        parts.group(4),
        new Digest(parts.group(5)));
  }

  public String toText() {
    return address() + tokenId + "." + secret + "#" + pin;
  }

  private String address() {
    return "reeve://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port + "/";
  }

  @Override
  public String toString() {
    return address() + tokenId + ".[secret]#" + pin;
  }
}
