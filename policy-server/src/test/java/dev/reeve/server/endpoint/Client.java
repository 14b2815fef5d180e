package dev.reeve.server.endpoint;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// A TLS socket that speaks as much HTTP as a test wants, right or wrong.
final class Client implements Closeable {

  /// @param headers names in lower case
  record Response(int status, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final SSLSocket socket;

  private Client(SSLSocket socket) {
    this.socket = socket;
  }

  static Client connect(InetSocketAddress address, SSLContext tls, SSLParameters parameters)
      throws IOException {
    var plain = new Socket(address.getAddress(), address.getPort());
    var socket =
        (SSLSocket)
            tls.getSocketFactory().createSocket(plain, "127.0.0.1", address.getPort(), true);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(60_000);
    socket.startHandshake();
    return new Client(socket);
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void send(String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: reeve\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body.length > 0) head.append("Content-Length: ").append(body.length).append("\r\n");
    send(head + "\r\n");
    if (body.length > 0) send(body);
  }

  Response ask(String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    send(method, path, headers, body);
    return read();
  }

  Response get(String path, Map<String, String> headers) throws IOException {
    return ask("GET", path, headers, new byte[0]);
  }

  /// @throws IOException also when the server closed instead
  Response read() throws IOException {
    InputStream in = socket.getInputStream();
    String status = line(in);
    var headers = new TreeMap<String, String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Response(Integer.parseInt(status.split(" ")[1]), headers, in.readNBytes(length));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) throw new IOException("closed by the server");
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /// Whether the server has closed the connection, now or as soon as it does.
  boolean isClosedByServer() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
