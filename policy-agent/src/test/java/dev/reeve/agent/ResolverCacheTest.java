package dev.reeve.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a name means is what the system's resolver says, whatever the JVM is told to keep.
class ResolverCacheTest {

  @TempDir Path directory;

  /// A JVM with a resolver of its own, and an agent that has begun.
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      Path hosts = Path.of(arguments[0]);
      int code = AgentMain.run(List.of("--no-such", "argument"));
      System.out.println(code + " " + Security.getProperty("networkaddress.cache.negative.ttl"));
      String before = address();
      Files.writeString(hosts, "10.0.0.2 web.corp.example\n");
      Deadline.until("another address", () -> !address().equals(before));
      System.out.println(before + " " + address());
    }

    private static String address() throws IOException {
      return InetAddress.getByName("web.corp.example").getHostAddress();
    }
  }

  @Test
  void a_name_that_moved_is_seen_to_have_moved() throws Exception {
    Path hosts = directory.resolve("hosts");
    Files.writeString(hosts, "10.0.0.1 web.corp.example\n");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts,
                "-Dsun.net.inetaddr.ttl=-1", // without the agent's own, for ever
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                hosts.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(new String(child.getInputStream().readAllBytes()).lines())
          .containsExactly("2 5", "10.0.0.1 10.0.0.2");
      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly();
    }
  }
}
