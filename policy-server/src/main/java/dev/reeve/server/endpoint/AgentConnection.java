package dev.reeve.server.endpoint;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.trust.HostCertificate;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of one host: hands each request on, writes each reply, and closes when nothing
/// comes for too long.
final class AgentConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger("endpoint");

  /// How long a connection may make us wait.
  ///
  /// @param first for the handshake and a first request to arrive whole
  /// @param next between two requests, and for the second to arrive whole
  record Patience(Duration first, Duration next) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(20), Duration.ofSeconds(120));
  }

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final AgentRequests requests;
  private final InstantSource clock;
  private final Patience patience;
  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable Runnable whenClosed;
  private boolean busy;

  AgentConnection(AgentRequests requests, InstantSource clock, Patience patience) {
    this.patience = patience;
    this.requests = requests;
    this.clock = clock;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    closeIn(context, patience.first);
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    if (whenClosed != null) whenClosed.run();
    context.fireChannelInactive();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest http) {
    cancelDeadline();
    if (busy) { // a parked poll is read on only to notice that its host has gone
      var unused = context.close();
      return;
    }
    busy = true;
    if (http.decoderResult().isFailure()) {
      write(
          context, false, AgentReply.error(400, "BAD_REQUEST", "this is no HTTP request of ours"));
      return;
    }
    byte[] body = new byte[http.content().readableBytes()];
    http.content().readBytes(body);
    boolean keepAlive = HttpUtil.isKeepAlive(http);
    context.channel().config().setAutoRead(false); // one request at a time: no pipelining
    var request =
        new AgentRequest(
            http.method().name(),
            http.uri(),
            header(http, HttpHeaderNames.IF_NONE_MATCH),
            header(http, "Prefer"),
            header(http, "Reeve-Floor"),
            header(http, "Reeve-Facts"),
            header(http, "Reeve-Key"),
            body,
            certificate(context),
            ((InetSocketAddress) context.channel().remoteAddress()).getAddress().getHostAddress());
    requests.handle(
        request,
        new AgentRequests.Replies() {
          @Override
          public void reply(AgentReply reply) {
            context.executor().execute(() -> write(context, keepAlive, reply));
          }

          @Override
          public Runnable in(long seconds, Runnable task) {
            var scheduled = context.executor().schedule(task, seconds, TimeUnit.SECONDS);
            return () -> scheduled.cancel(false);
          }

          @Override
          public void whenClosed(Runnable task) {
            context
                .executor()
                .execute(() -> {
                  whenClosed = task;
                  if (!context.channel().isActive()) task.run();
                });
            // A parked host that goes away is noticed only while somebody reads.
            context.channel().config().setAutoRead(true);
          }
        });
  }

  private static Optional<String> header(FullHttpRequest http, CharSequence name) {
    return Optional.ofNullable(http.headers().get(name));
  }

  private static Optional<HostCertificate> certificate(ChannelHandlerContext context) {
    try {
      var chain =
          context.pipeline().get(SslHandler.class).engine().getSession().getPeerCertificates();
      return chain[0] instanceof X509Certificate leaf
          ? HostCertificate.find(leaf)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException _) {
      return Optional.empty();
    }
  }

  private void write(ChannelHandlerContext context, boolean keepAlive, AgentReply reply) {
    whenClosed = null;
    busy = false;
    if (!context.channel().isActive()) return;
    var status = HttpResponseStatus.valueOf(reply.status());
    var http =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(reply.body()));
    for (Map.Entry<String, String> header : reply.headers().entrySet())
      http.headers().set(header.getKey(), header.getValue());
    http.headers().set(HttpHeaderNames.DATE, HTTP_DATE.format(clock.instant()));
    if (reply.status() != 304)
      http.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    boolean stay = keepAlive && reply.status() < 500 && reply.status() != 400;
    if (!stay) http.headers().set(HttpHeaderNames.CONNECTION, "close");
    var written = context.writeAndFlush(http);
    if (stay) {
      closeIn(context, patience.next);
      context.channel().config().setAutoRead(true);
    } else {
      var unused = written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void closeIn(ChannelHandlerContext context, Duration wait) {
    cancelDeadline();
    deadline =
        context
            .executor()
            .schedule(
                () -> {
                  var unused = context.close();
                },
                wait.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void cancelDeadline() {
    if (deadline != null) deadline.cancel(false);
    deadline = null;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection of {} ended: {}", context.channel().remoteAddress(), cause.getMessage());
    var unused = context.close();
  }

  /// One line of JSON for an error.
  static byte[] errorBody(String code, String detail) {
    return (JsonText.write(JsonBuilder.object().put("error", code).put("detail", detail).build())
            + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
