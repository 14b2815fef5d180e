package dev.reeve.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A certificate authority for one test, and the certificate of a server on this machine.
public record TestCa(Path caFile, Path certificate, Path key) {

  /// @param names as in subjectAltName: `DNS:localhost,IP:127.0.0.1`; empty = no such extension,
  ///   only a common name, as Samba makes its own
  public static TestCa make(Path dir, String commonName, String names)
      throws IOException, InterruptedException {
    Files.createDirectories(dir);
    Path ca = dir.resolve("ca.pem");
    Path caKey = dir.resolve("ca.key");
    Path key = dir.resolve("server.key");
    Path request = dir.resolve("server.csr");
    Path certificate = dir.resolve("server.pem");
    String alternatives = names.isEmpty() ? "" : "subjectAltName=" + names + "\n";
    Path extensions =
        Files.writeString(
            dir.resolve("extensions"), alternatives + "extendedKeyUsage=serverAuth\n");
    String newKey = "-newkey rsa:2048 -nodes";
    openssl(
        "req -x509 " + newKey + " -days 30", "-subj", "/CN=Test CA", "-keyout", caKey, "-out", ca);
    openssl("req " + newKey, "-subj", "/CN=" + commonName, "-keyout", key, "-out", request);
    openssl(
        "x509 -req -CAcreateserial -days 30",
        "-in",
        request,
        "-CA",
        ca,
        "-CAkey",
        caKey,
        "-out",
        certificate,
        "-extfile",
        extensions);
    return new TestCa(ca, certificate, key);
  }

  private static void openssl(String words, Object... more)
      throws IOException, InterruptedException {
    var command = new java.util.ArrayList<Object>();
    command.add("openssl");
    command.addAll(java.util.List.of((Object[]) words.split(" ")));
    command.addAll(java.util.List.of(more));
    String unused = Programs.run(command.toArray());
  }
}
