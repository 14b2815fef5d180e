package dev.reeve.agent.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Reads one HTTP/1.1 answer. Strict where lenience has been a hole elsewhere: lengths that
/// contradict each other, folded headers and bare line feeds are refused.
///
/// Source: RFC 9112 §2 to §7.
final class ResponseReader {

  static final int MAX_HEAD = 16 << 10;
  private static final int MAX_HEADERS = 64;
  private static final int MAX_INTERIM = 4;

  private final InputStream in;
  private final int maxBody;
  private int headBytes;

  private ResponseReader(InputStream in, int maxBody) {
    this.in = in;
    this.maxBody = maxBody;
  }

  /// @throws EOFException when the connection ends before the answer does
  static HttpResponse read(InputStream in, int maxBody) throws IOException {
    return new ResponseReader(in, maxBody).read();
  }

  private HttpResponse read() throws IOException {
    for (int interim = 0; interim <= MAX_INTERIM; interim++) {
      String statusLine = line();
      int status = status(statusLine);
      Map<String, String> headers = headers();
      if (status >= 200) return whole(status, headers, statusLine.startsWith("HTTP/1.1"));
      if (status == 101) throw new HttpException("the server changes protocols unasked");
    }
    throw new HttpException("more than " + MAX_INTERIM + " interim answers");
  }

  private static int status(String line) throws HttpException {
    if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
      throw new HttpException("no HTTP status line: '" + excerpt(line) + "'");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private Map<String, String> headers() throws IOException {
    var headers = new HashMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || !line.substring(0, colon).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
        throw new HttpException("no HTTP header: '" + excerpt(line) + "'");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      String before = headers.putIfAbsent(name, value);
      boolean framing = name.equals("content-length") || name.equals("transfer-encoding");
      if (before != null && framing) throw new HttpException("two headers " + name);
      if (headers.size() > MAX_HEADERS) {
        throw new HttpException("more than " + MAX_HEADERS + " headers");
      }
    }
    return headers;
  }

  private HttpResponse whole(int status, Map<String, String> headers, boolean persistent)
      throws IOException {
    boolean keepAlive =
        persistent
            && !headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
    String coding = headers.get("transfer-encoding");
    String length = headers.get("content-length");
    if (coding != null && length != null) {
      throw new HttpException("both Content-Length and Transfer-Encoding");
    }
    byte[] body;
    if (status == 204 || status == 304) {
      body = new byte[0];
    } else if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw new HttpException("transfer coding '" + excerpt(coding) + "', expected chunked");
      }
      body = chunked();
    } else if (length != null) {
      if (!length.matches("[0-9]{1,10}")) {
        throw new HttpException("content length '" + excerpt(length) + "'");
      }
      body = exactly(bounded(Long.parseLong(length)));
    } else {
      body = toTheEnd();
      keepAlive = false;
    }
    return new HttpResponse(status, Map.copyOf(headers), body, keepAlive);
  }

  private int bounded(long length) throws HttpException {
    if (length > maxBody) {
      throw new HttpException("an answer of " + length + " bytes, expected at most " + maxBody);
    }
    return (int) length;
  }

  private byte[] exactly(int length) throws IOException {
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the answer ended after " + body.length + " of " + length + " bytes");
    }
    return body;
  }

  private byte[] toTheEnd() throws IOException {
    byte[] body = in.readNBytes(maxBody + 1);
    bounded(body.length);
    return body;
  }

  private byte[] chunked() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      String line = line();
      int end = line.indexOf(';');
      String size = (end < 0 ? line : line.substring(0, end)).strip();
      if (!size.matches("[0-9A-Fa-f]{1,8}")) {
        throw new HttpException("chunk size '" + excerpt(size) + "'");
      }
      long length = Long.parseLong(size, 16);
      if (length == 0) {
        headers(); // trailers: read, bounded, and not believed
        return body.toByteArray();
      }
      bounded(body.size() + length);
      body.writeBytes(exactly((int) length));
      if (!line().isEmpty()) throw new HttpException("a chunk does not end where it should");
    }
  }

  /// Up to CR LF. All lines of an answer, chunk sizes included, share one limit.
  private String line() throws IOException {
    var line = new StringBuilder(64);
    while (true) {
      int c = in.read();
      if (c < 0) throw new EOFException("the connection ended within an answer");
      if (++headBytes > MAX_HEAD) {
        throw new HttpException("more than " + MAX_HEAD + " bytes of headers");
      }
      if (c == '\r') {
        if (in.read() != '\n') throw new HttpException("a carriage return without a line feed");
        return line.toString();
      }
      if (c == '\n' || c == 0) throw new HttpException("a control character in a header");
      line.append((char) c);
    }
  }

  private static String excerpt(String text) {
    return text.substring(0, Math.min(60, text.length())).replaceAll("[^ -~]", "?");
  }
}
