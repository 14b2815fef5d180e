package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// [EspCases] and those beside it on this machine's kernel where it has ESP, else in the guest that
/// `build/esp-guest` boots. Each line that comes back is a test. `-Dreeve.full=true` adds what
/// scenarios prove on the whole path: the matrix of postures, libreswan, published ports, the
/// spoofed flood, UDP 1701, the second host behind a NAT, and over IPv4 who is refused.
@Tag("esp")
class EspIT {

  private static final Path GUEST = Path.of("../build/esp-guest").toAbsolutePath().normalize();

  private static final boolean FULL = Boolean.getBoolean("reeve.full");

  /// At a time: what they do is waiting, most of it.
  private static final int GUESTS = Integer.getInteger("reeve.esp.guests", 3);

  /// The longest first.
  private static final List<Class<?>> ALL =
      List.of(
          EspChangeCases.class,
          EspNatCases.class,
          AuthCases.class,
          EspCases.class,
          CrlCases.class,
          EspPeerCases.class,
          EspSharedNatCases.class,
          EspTunnelCases.class,
          AhCases.class,
          AhTunnelCases.class,
          EspKeyCases.class,
          EspFloodCases.class,
          AuthListCases.class,
          EspUntouchedCases.class,
          EspUnfitCases.class,
          NoNftCases.class,
          RollbackCases.class);

  private static final List<Class<?>> PROVEN_BY_SCENARIOS =
      List.of(EspLibreswanCases.class, PublishedPortCases.class);

  @TestFactory
  Stream<DynamicTest> negotiation() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/charon-systemd")), "no charon-systemd");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/tcpdump"))
            || Files.isExecutable(Path.of("/usr/sbin/tcpdump")),
        "no tcpdump");
    boolean own = status("have") == 0;
    assumeTrue(own || status("built") == 0, "neither ESP nor a guest; run build/esp-guest build");
    var tests = new ArrayList<DynamicTest>();
    try (var guests = Executors.newFixedThreadPool(own ? 1 : GUESTS)) {
      Map<Class<?>, Future<List<String>>> said = new LinkedHashMap<>();
      for (Class<?> cases : wanted()) said.put(cases, guests.submit(() -> run(own, cases)));
      for (var each : said.entrySet())
        tests.addAll(tests(each.getKey().getSimpleName(), each.getValue().get()));
    }
    return tests.stream();
  }

  /// A class that ran nothing has not been to its end.
  static List<DynamicTest> tests(String cases, List<String> lines) {
    var tests = new ArrayList<DynamicTest>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("ok ")) tests.add(DynamicTest.dynamicTest(line.substring(3), () -> {}));
      if (line.startsWith("skip ")) {
        int end = line.indexOf(": ");
        String why = line.substring(end + 2);
        tests.add(DynamicTest.dynamicTest(line.substring(5, end), () -> assumeTrue(false, why)));
      }
      if (line.startsWith("not ok ")) tests.add(failed(line.substring(7), lines, i));
    }
    if (tests.isEmpty() || !lines.contains("done")) {
      tests.add(
          failed(cases + " to the end", List.of("not ok", "# " + String.join("\n# ", lines)), 0));
    }
    return tests;
  }

  private static DynamicTest failed(String name, List<String> lines, int at) {
    var why = new StringBuilder(name);
    for (int i = at + 1; i < lines.size() && lines.get(i).startsWith("# "); i++) {
      why.append('\n').append(lines.get(i));
    }
    int end = name.indexOf(": ");
    return DynamicTest.dynamicTest(
        end < 0 ? name : name.substring(0, end), () -> fail(why.toString()));
  }

  private static int status(String question) throws IOException, InterruptedException {
    return new ProcessBuilder(GUEST.toString(), question)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /// `-Dreeve.esp=EspTunnelCases` runs one class alone.
  private static List<Class<?>> wanted() {
    Optional<String> one = Optional.ofNullable(System.getProperty("reeve.esp"));
    var wanted = new ArrayList<>(ALL);
    if (FULL || one.isPresent()) wanted.addAll(PROVEN_BY_SCENARIOS);
    wanted.removeIf(cases -> one.isPresent() && !one.get().equals(cases.getSimpleName()));
    return wanted;
  }

  /// In a guest of its own: each has the whole time that a guest has.
  private static List<String> run(boolean own, Class<?> cases) throws IOException {
    var line = new ArrayList<String>();
    if (!own) line.addAll(List.of(GUEST.toString(), "run"));
    line.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "-Dreeve.full=" + FULL,
            "-cp",
            System.getProperty("java.class.path"),
            EspTests.class.getName(),
            cases.getName()));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // nobody else ends a guest
    try (BufferedReader out = process.inputReader()) {
      return out.readAllLines();
    } finally {
      process.destroy();
    }
  }
}
