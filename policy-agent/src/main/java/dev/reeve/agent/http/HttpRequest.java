package dev.reeve.agent.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A request, before it is written.
///
/// @param body empty for none
public record HttpRequest(String method, String path, Map<String, String> headers, byte[] body) {

  public HttpRequest {
    headers = new LinkedHashMap<>(headers);
    headers.forEach((name, value) -> {
      if (!name.matches("[A-Za-z-]+") || value.chars().anyMatch(c -> c < 0x20 || c > 0x7e))
        throw new IllegalArgumentException("header " + name + " cannot carry its value");
    });
  }

  public static HttpRequest get(String path) {
    return new HttpRequest("GET", path, Map.of(), new byte[0]);
  }

  public static HttpRequest with(String method, String path, String type, byte[] body) {
    return new HttpRequest(method, path, Map.of("Content-Type", type), body);
  }

  public HttpRequest header(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpRequest(method, path, more, body);
  }

  /// Head and body, in one piece: one TLS record, one packet.
  byte[] toBytes(Endpoint server) {
    var head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(server).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body.length > 0 || !method.equals("GET")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    var bytes = new ByteArrayOutputStream(head.length() + body.length);
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
