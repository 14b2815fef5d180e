package dev.reeve.engine.esp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// The IKE daemon of libreswan, in the namespace of a host whose own engine does nothing. It has
/// one connection, which traffic brings up.
final class Pluto implements AutoCloseable {

  /// Where `build/libreswan` unpacked it.
  static final String HOME = "reeve.libreswan";

  enum Auth {
    CERTIFICATE,
    SHARED_KEY
  }

  enum Mode {
    TRANSPORT,
    TUNNEL
  }

  static boolean isThere() {
    return !System.getProperty(HOME, "").isEmpty();
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
    importCertificates("host-" + host.name);
    pluto =
        new ProcessBuilder(
                line(
                    "--nofork",
                    "--config",
                    directory.resolve("ipsec.conf").toString(),
                    "--secretsfile",
                    directory.resolve("ipsec.secrets").toString(),
                    "--ipsecdir",
                    directory.toString(),
                    "--nssdir",
                    directory.toString(),
                    "--rundir",
                    directory.toString(),
                    "--logfile",
                    directory.resolve("log").toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile())
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
              leftcert=%s
              leftid=%%fromcert
              rightid=%%fromcert
              rightca=%%same
              leftsendcert=always
            """
                .formatted("host-" + host.name);
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

  private void importCertificates(String name) throws IOException {
    String store = "sql:" + directory;
    EspLab.run("", "certutil", "-N", "-d", store, "--empty-password");
    for (String authority : List.of("root", "hosts")) {
      EspLab.run(
          "",
          "certutil",
          "-A",
          "-d",
          store,
          "-n",
          authority,
          "-t",
          "CT,,",
          "-i",
          copy(authority + ".crt"));
    }
    Path key = directory.resolve("key.pem");
    EspLab.run(
        "", "openssl", "pkey", "-inform", "der", "-in", copy(name + ".p8"), "-out", key.toString());
    String bundle = directory.resolve("host.p12").toString();
    EspLab.run(
        "",
        "openssl",
        "pkcs12",
        "-export",
        "-passout",
        "pass:p12",
        "-name",
        name,
        "-in",
        copy(name + ".crt"),
        "-inkey",
        key.toString(),
        "-out",
        bundle);
    EspLab.run("", "pk12util", "-i", bundle, "-d", store, "-W", "p12");
  }

  private String copy(String resource) throws IOException {
    Path file = directory.resolve(resource);
    try (var in = Pluto.class.getResourceAsStream("/pki/" + resource)) {
      if (in == null) throw new IOException("no resource " + resource);
      Files.write(file, in.readAllBytes(), StandardOpenOption.CREATE);
    }
    return file.toString();
  }

  /// Pluto looks for its companions in one place only, which `ip netns exec` lets us make up.
  private static final String START =
      "mount -t tmpfs none /usr/libexec && ln -s $0/usr/libexec/ipsec /usr/libexec/ipsec"
          + " && LD_LIBRARY_PATH=$(echo $0/usr/lib/*-linux-gnu)"
          + " exec /usr/libexec/ipsec/pluto \"$@\"";

  private List<String> line(String... arguments) {
    var line = new ArrayList<>(List.of("sh", "-c", START, System.getProperty(HOME)));
    line.addAll(List.of(arguments));
    return host.within(line.toArray(String[]::new));
  }

  String log() {
    try {
      Path log = directory.resolve("log");
      return Files.exists(log)
          ? Files.readString(log)
          : Files.readString(directory.resolve("out"), StandardCharsets.UTF_8);
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
