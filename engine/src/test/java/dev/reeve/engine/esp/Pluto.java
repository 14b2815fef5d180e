package dev.reeve.engine.esp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// The IKE daemon of libreswan, in the namespace of a host whose own engine does nothing. It has
/// one connection, which traffic brings up.
final class Pluto implements AutoCloseable {

  private static final Path LIBRESWAN = Path.of("../build/libreswan").toAbsolutePath().normalize();

  enum Auth {
    CERTIFICATE,
    SHARED_KEY
  }

  enum Mode {
    TRANSPORT,
    TUNNEL
  }

  static boolean isThere() throws IOException, InterruptedException {
    return new ProcessBuilder(LIBRESWAN.toString(), "dir")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private final EspLab.Host host;
  private final Path directory;
  private final Process pluto;

  /// @return when it has its connection
  Pluto(EspLab.Host host, EspLab.Host peer, int family, Auth auth, Mode mode) throws Exception {
    this.host = host;
    directory = Files.createTempDirectory("pluto");
    Files.writeString(directory.resolve("ipsec.conf"), settings(host, peer, family, auth, mode));
    Files.writeString(
        directory.resolve("ipsec.secrets"), auth == Auth.SHARED_KEY ? ": PSK \"a secret\"\n" : "");
    Files.writeString(
        directory.resolve("host.pem"),
        read("host-" + host.name + ".crt") + read("hosts.crt") + read("root.crt"));
    Files.writeString(directory.resolve("host.key"), key("host-" + host.name + ".p8"));
    pluto =
        new ProcessBuilder(host.within(LIBRESWAN.toString(), "pluto", directory.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    try {
      // A policy of the kernel's that waits for traffic.
      for (int i = 0; !host.in("ip xfrm policy").contains("dst " + peer.own(family)); i++) {
        if (i == 300 || !pluto.isAlive()) throw new IllegalStateException(log());
        Thread.sleep(50);
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private static String settings(
      EspLab.Host host, EspLab.Host peer, int family, Auth auth, Mode mode) {
    String who =
        auth == Auth.SHARED_KEY
            ? "  authby=secret\n"
            : """
              authby=ecdsa
              leftcert=host
              leftid=%fromcert
              rightid=%fromcert
              rightca=%same
              leftsendcert=always
            """;
    return """
    config setup
      nhelpers=0
    conn %%default
      ikev2=insist
      leftupdown=%%disabled
    conn peer
      left=%s
      right=%s
      type=%s
      auto=ondemand
    %s\
    """
        .formatted(
            host.own(family),
            peer.own(family),
            mode.name().toLowerCase(java.util.Locale.ROOT),
            who);
  }

  private static String read(String resource) throws IOException {
    return new String(bytes(resource), StandardCharsets.US_ASCII);
  }

  private static String key(String resource) throws IOException {
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN PRIVATE KEY-----\n"
        + base64.encodeToString(bytes(resource))
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static byte[] bytes(String resource) throws IOException {
    try (var in = Pluto.class.getResourceAsStream("/pki/" + resource)) {
      if (in == null) throw new IOException("no resource " + resource);
      return in.readAllBytes();
    }
  }

  String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    var unused = pluto.destroyForcibly().onExit().join(); // what it made stays in the kernel
    host.in("ip xfrm state flush");
    host.in("ip xfrm policy flush");
  }
}
