package dev.reeve.server.endpoint;

import dev.reeve.trust.HostTrust;
import dev.reeve.trust.Identity;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The port that hosts poll.
public final class AgentEndpoint implements AutoCloseable {

  private static final int MAX_BODY = 256 << 10;

  private final EventLoopGroup loops;
  private final ExecutorService workers;
  private final Channel listener;
  private final ParkedPolls parked;

  private AgentEndpoint(
      EventLoopGroup loops, ExecutorService workers, Channel listener, ParkedPolls parked) {
    this.loops = loops;
    this.workers = workers;
    this.listener = listener;
    this.parked = parked;
  }

  /// @throws EndpointException when the address cannot be listened on, naming it
  public static AgentEndpoint open(
      InetSocketAddress address,
      Identity server,
      HostTrust hosts,
      AgentService service,
      InstantSource clock)
      throws EndpointException {
    return open(address, server, hosts, service, clock, AgentConnection.Patience.USUAL);
  }

  static AgentEndpoint open(
      InetSocketAddress address,
      Identity server,
      HostTrust hosts,
      AgentService service,
      InstantSource clock,
      AgentConnection.Patience patience)
      throws EndpointException {
    boolean epoll = Epoll.isAvailable(); // on Linux, where its library loads
    var workers = Executors.newVirtualThreadPerTaskExecutor();
    var loops =
        new MultiThreadIoEventLoopGroup(
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    var parked = new ParkedPolls(service, workers);
    var requests = new AgentRequests(service, parked, workers, new AttemptLimiter(), clock);
    SslContext tls = EndpointTls.context(server, hosts);
    var bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(tls.newHandler(channel.alloc()))
                        .addLast(new HttpServerCodec(4096, 8192, 8192))
                        .addLast(new HttpObjectAggregator(MAX_BODY, true))
                        .addLast(new AgentConnection(requests, clock, patience));
                  }
                });
    try {
      return new AgentEndpoint(loops, workers, bootstrap.bind(address).sync().channel(), parked);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopped(loops, workers, address, e);
    } catch (Exception e) { // Netty throws the checked BindException without declaring it
      throw stopped(loops, workers, address, e);
    }
  }

  private static EndpointException stopped(
      EventLoopGroup loops, ExecutorService workers, InetSocketAddress address, Exception e) {
    var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    workers.shutdownNow();
    return new EndpointException(
        "cannot listen for hosts on "
            + address.getHostString()
            + ":"
            + address.getPort()
            + ": "
            + e.getMessage(),
        e);
  }

  /// Where it listens; the port is the real one when 0 was asked for.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Tells it that answers may have changed.
  public void changed() {
    parked.wake();
  }

  /// How many polls wait.
  public int parkedPolls() {
    return parked.size();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    workers.shutdownNow();
  }
}
