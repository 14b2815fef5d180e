package dev.reeve.agent.http;

/// Where a server listens.
///
/// @param host a name or an address, without brackets
public record Endpoint(String host, int port) {

  public Endpoint {
    if (!host.matches("[A-Za-z0-9._:-]{1,255}"))
      throw new IllegalArgumentException("'" + host + "' is no host name or address");
    if (port < 1 || port > 65535)
      throw new IllegalArgumentException("port " + port + ", expected 1..65535");
  }

  /// `HOST:PORT` or `[IPV6]:PORT`.
  ///
  /// @throws IllegalArgumentException naming the text
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (colon < 0
        || !text.substring(colon + 1).matches("[0-9]{1,5}")
        || (!bracketed && host.indexOf(':') >= 0)) {
      throw new IllegalArgumentException("'" + text + "' is no server; expected HOST:PORT");
    }
    return new Endpoint(
        bracketed ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
