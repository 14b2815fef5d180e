package dev.reeve.server;

import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException;
import dev.reeve.server.endpoint.EndpointException;
import dev.reeve.server.store.Database;
import dev.reeve.server.wiring.ServerOptions;
import dev.reeve.server.wiring.ServerWiring;
import dev.reeve.trust.DurableFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.support.GenericApplicationContext;

/// The policy server's process.
public final class ServerMain {

  private static final String USAGE =
      """
      usage: reeve server [--state DIR] [--sample | --ldif FILE] [--base-dn DN] [--ldap ADDR:PORT]
                          [--ldaps ADDR:PORT] [--also DN [DIRECTORY OPTION]...]...
                          [--agents ADDR:PORT] [--admin ADDR:PORT] [--name NAME]...
                          [--withdrawal-share PERCENT]
             reeve server [--state DIR] --directory URL[,URL...] --base-dn DN
                          (--bind-dn DN --password-file FILE | --principal USER@REALM --keytab FILE [--kdc HOST])
                          [--ca-file FILE] [--server-name NAME] [--starttls] [--feed auto|sync|usn|poll]
                          [--poll MS] [--also DN [DIRECTORY OPTION]...]...
                          [--agents ADDR:PORT] [--admin ADDR:PORT] [--name NAME]...
                          [--withdrawal-share PERCENT]\
      """;

  private ServerMain() {}

  public static void main(String[] arguments) {
    int code = run(List.of(arguments));
    if (code != 0) System.exit(code);
  }

  /// Starts the server; it runs until the process is told to end.
  ///
  /// @return 0 started, 1 it cannot run, 2 wrong arguments
  public static int run(List<String> arguments) {
    ServerOptions options;
    try {
      options = ServerOptions.parse(arguments, hostName());
    } catch (IllegalArgumentException e) {
      System.err.println("reeve server: " + e.getMessage() + "\n\n" + USAGE);
      return 2;
    }
    try {
      DurableFiles.createDirectory(options.state(), DurableFiles.Access.PRIVATE);
      DurableFiles.createDirectory(options.state().resolve("db"), DurableFiles.Access.PRIVATE);
      start(options);
      return 0;
    } catch (IOException | RuntimeException e) {
      System.err.println("reeve server: " + explain(e));
      return 1;
    }
  }

  private static void start(ServerOptions options) {
    var unused =
        new SpringApplicationBuilder(ServerWiring.class)
            .web(WebApplicationType.SERVLET)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            .properties(properties(options))
            .initializers((GenericApplicationContext context) ->
                context.registerBean(ServerOptions.class, () -> options))
            .run();
  }

  /// What Spring is told. The environment overrides it: `SPRING_DATASOURCE_URL` names a PostgreSQL
  /// database.
  private static Map<String, Object> properties(ServerOptions options) {
    return Map.ofEntries(
        Map.entry(
            "spring.datasource.url",
            Database.h2Url(options.state().resolve("db").resolve("reeve"))),
        Map.entry("spring.flyway.enabled", "false"),
        Map.entry("spring.main.log-startup-info", "false"),
        Map.entry("server.address", options.admin().getHostString()),
        Map.entry("server.port", Integer.toString(options.admin().getPort())),
        Map.entry("server.ssl.bundle", "server"),
        Map.entry("server.shutdown", "immediate"),
        Map.entry("management.endpoints.web.exposure.include", "health,metrics"),
        Map.entry("management.endpoint.health.show-details", "always"),
        Map.entry(
            "management.endpoint.health.status.order", "DOWN,OUT_OF_SERVICE,DEGRADED,UP,UNKNOWN"),
        Map.entry("management.health.defaults.enabled", "false"),
        Map.entry("logging.level.root", "WARN"),
        Map.entry("logging.level.org.flywaydb", "ERROR"), // warns of every H2 newer than itself
        // what stops a start is said once, by this class
        Map.entry("logging.level.org.springframework.boot.SpringApplication", "OFF"),
        Map.entry("logging.level.directory", "INFO"),
        Map.entry("logging.level.publish", "INFO"),
        Map.entry("logging.level.enrolment", "INFO"),
        Map.entry("logging.level.reports", "INFO"),
        Map.entry(
            "logging.pattern.console",
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level %logger{0}: %msg %kvp%n%ex{short}"));
  }

  /// The first cause that was written for people; else the whole of it, because that is a bug.
  private static String explain(Throwable failure) {
    return findForPeople(failure)
        .orElseGet(() -> {
          failure.printStackTrace();
          return "this should not happen; please report it";
        });
  }

  private static Optional<String> findForPeople(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PortInUseException port) {
        return Optional.of("--admin: port " + port.getPort() + " is in use by another process");
      }
      if (cause instanceof EmbeddedDirectoryException
          || cause instanceof EndpointException
          || cause instanceof DirectoryException
          || cause instanceof IOException) {
        return Optional.of(String.valueOf(cause.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /// Where the embedded directory of a server keeps its administrator's password.
  public static Path adminPassword(Path state) {
    return state.resolve("directory").resolve("admin.password");
  }
}
