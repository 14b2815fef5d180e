package dev.reeve.server.wiring;

import dev.reeve.server.endpoint.AgentEndpoint;
import dev.reeve.server.wiring.DirectoryWiring.OpenDirectory;
import java.time.Clock;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/// The whole server. Read the imports from top to bottom: directory in, signed policy out.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
  DirectoryWiring.class,
  TrustWiring.class,
  StoreWiring.class,
  HostsWiring.class,
  AdminWiring.class,
  WebWiring.class
})
public class ServerWiring {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  /// Says on standard output where it can be reached, once it can.
  @Bean
  ApplicationListener<ApplicationReadyEvent> readyLine(
      OpenDirectory directory, AgentEndpoint endpoint, ServerOptions options) {
    return ready ->
        System.out.println(
            "ready ldap="
                + directory.address()
                + " agents="
                + text(endpoint.address())
                + " admin=https://"
                + options.admin().getHostString()
                + ":"
                + ready.getApplicationContext().getEnvironment().getProperty("local.server.port")
                + " state="
                + options.state());
  }

  private static String text(java.net.InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
