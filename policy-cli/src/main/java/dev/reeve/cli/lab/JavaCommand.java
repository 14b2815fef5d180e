package dev.reeve.cli.lab;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Command lines for Java children on the class path that we run on, with the launcher's options.
public final class JavaCommand {

  /// As the launcher's, but for the second compiler: a lab ends before it has earned its cost.
  private static final List<String> SERVER =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseCompactObjectHeaders",
          "-Xshare:auto",
          "-Xmx768m",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED");

  private static final List<String> AGENT =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseCompactObjectHeaders",
          "-Xshare:auto",
          "-Xms4m",
          "-Xmx32m",
          "-Xss256k",
          "-XX:ReservedCodeCacheSize=16m",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=20",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED");
  private static final List<String> SHORT =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData");

  private JavaCommand() {}

  public static List<String> server(List<String> arguments) {
    return line(SERVER, classPath(), "dev.reeve.server.ServerMain", arguments);
  }

  public static List<String> agent(List<String> arguments) {
    return line(AGENT, agentClassPath(), "dev.reeve.agent.AgentMain", arguments);
  }

  /// `reeve …` as the launcher runs it.
  public static List<String> reeve(List<String> arguments) {
    return line(SHORT, classPath(), "dev.reeve.cli.Main", arguments);
  }

  /// A class that needs nothing but the JDK and its own jar.
  static List<String> small(Class<?> main) {
    return small(main, Path.of(ownJar(main)));
  }

  static List<String> small(Class<?> main, Path classes) {
    return line(List.of("-Xmx24m"), classes.toString(), main.getName(), List.of(), SHORT);
  }

  /// The options an agent runs with, for a fair comparison.
  public static List<String> withAgentOptions(Class<?> main, List<String> arguments) {
    return line(AGENT, ownJar(main), main.getName(), arguments);
  }

  public static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static List<String> line(
      List<String> options, String classPath, String main, List<String> arguments) {
    return line(options, classPath, main, arguments, List.of());
  }

  private static List<String> line(
      List<String> options,
      String classPath,
      String main,
      List<String> arguments,
      List<String> more) {
    var words = new ArrayList<String>();
    words.add(java().toString());
    words.addAll(more);
    words.addAll(options);
    Collections.addAll(words, "-cp", classPath, main);
    words.addAll(arguments);
    return List.copyOf(words);
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  /// The agent's own libraries, as on a real host, when they can be found.
  private static String agentClassPath() {
    Optional<Path> target =
        Optional.ofNullable(System.getenv("REEVE_HOME"))
            .map(home -> Path.of(home, "policy-agent", "target"));
    Optional<String> jar =
        target.flatMap(dir -> {
          File[] jars =
              dir.toFile()
                  .listFiles(
                      (_, name) -> name.matches("policy-agent-.*(?<!-sources|-tests)\\.jar"));
          return jars == null || jars.length == 0
              ? Optional.empty()
              : Optional.of(jars[0].toString());
        });
    return jar.isPresent() && Files.isDirectory(target.get().resolve("lib"))
        ? jar.get() + File.pathSeparator + target.get().resolve("lib") + "/*"
        : classPath();
  }

  static String ownJar(Class<?> main) {
    try {
      return Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
