package dev.reeve.agent.http;

import dev.reeve.trust.TlsContexts;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// One TLS 1.3 connection to a server; carries one request at a time. Any thread may [#close] it: a
/// parked read then ends at once.
public final class ServerConnection implements Closeable {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private final Endpoint server;
  private final Socket plain;
  private final SSLSocket tls;
  private final InputStream in;
  private volatile boolean usable = true;
  private long deadline;
  private int exchanges;

  private ServerConnection(Endpoint server, Socket plain, SSLSocket tls) throws IOException {
    this.server = server;
    this.plain = plain;
    this.tls = tls;
    this.in = new BufferedInputStream(new UntilDeadline(tls.getInputStream()), 4096);
  }

  /// Connects to the first of the addresses that answers, and shakes hands.
  ///
  /// @param name the name that the server's certificate must carry
  public static ServerConnection open(
      Endpoint server, List<InetAddress> addresses, String name, SSLSocketFactory sockets)
      throws IOException {
    IOException failure = new IOException("no address for " + server.host());
    for (InetAddress address : addresses) {
      var plain = new Socket();
      try {
        plain.setTcpNoDelay(true);
        plain.setKeepAlive(true);
        plain.connect(new InetSocketAddress(address, server.port()), (int) CONNECT.toMillis());
        return secured(server, name, sockets, plain);
      } catch (IOException e) {
        plain.close();
        failure = e;
      }
    }
    throw failure;
  }

  private static ServerConnection secured(
      Endpoint server, String name, SSLSocketFactory sockets, Socket plain) throws IOException {
    plain.setSoTimeout((int) HANDSHAKE.toMillis());
    var tls = (SSLSocket) sockets.createSocket(plain, name, server.port(), true);
    tls.setSSLParameters(TlsContexts.parameters());
    tls.startHandshake();
    return new ServerConnection(server, plain, tls);
  }

  /// Sends a request and reads the whole answer.
  ///
  /// @param within the answer must be complete by then
  public HttpResponse exchange(HttpRequest request, int maxBody, Duration within)
      throws IOException {
    deadline = System.nanoTime() + within.toNanos();
    exchanges++;
    boolean whole = false;
    try {
      tls.getOutputStream().write(request.toBytes(server));
      tls.getOutputStream().flush();
      HttpResponse response = ResponseReader.read(in, maxBody);
      whole = response.keepAlive();
      return response;
    } finally {
      if (!whole) close();
    }
  }

  /// Whether another request may be tried.
  public boolean usable() {
    return usable;
  }

  /// Whether this connection has carried a request before, so that a failure may just mean that the
  /// server had closed it meanwhile.
  public boolean reused() {
    return exchanges > 1;
  }

  public Endpoint server() {
    return server;
  }

  /// This end's address: the one of the route to the server.
  public InetAddress localAddress() {
    return plain.getLocalAddress();
  }

  /// Ends the TCP connection without a farewell: a TLS close would wait for the reader.
  @Override
  public void close() {
    usable = false;
    try {
      plain.close();
    } catch (IOException _) {
      // nothing is left to lose on it
    }
  }

  /// Turns the deadline of the whole exchange into the time-out of each read.
  private final class UntilDeadline extends InputStream {
    private final InputStream inner;

    UntilDeadline(InputStream inner) {
      this.inner = inner;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte @Nullable [] buffer, int offset, int length) throws IOException {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) throw new SocketTimeoutException("no whole answer in time");
      tls.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      return inner.read(buffer, offset, length);
    }
  }
}
