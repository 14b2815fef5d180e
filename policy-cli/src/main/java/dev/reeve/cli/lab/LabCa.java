package dev.reeve.cli.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// A CA that is not Reeve's, as a workgroup may have one: made by openssl.
///
/// @param directory of its own, made when it is missing
record LabCa(Path directory, String name) {

  private static final String DAYS = "30";

  /// Only `openssl ca` lets a certificate begin and end when one likes.
  private static final String CONFIGURATION =
      """
      [ca]
      default_ca = lab
      [lab]
      database = %s
      new_certs_dir = %s
      rand_serial = yes
      default_md = sha256
      copy_extensions = copy
      policy = any
      [any]
      organizationName = supplied
      commonName = supplied
      """;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  /// A host's certificate with its issuer, and its key, in two files as the agent takes them.
  ///
  /// @param to a directory
  void issue(String host, Instant from, Instant until, Path to) throws LabException {
    try {
      Files.createDirectories(directory);
      Files.createDirectories(to);
      if (!Files.exists(file("ca.pem"))) create();
      request(host);
      sign(host, from, until);
      String chain = read(host + ".pem") + read("ca.pem");
      Files.writeString(to.resolve("workgroup.pem"), chain, StandardCharsets.US_ASCII);
      Files.writeString(
          to.resolve("workgroup.key"), read(host + ".key"), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new LabException("cannot issue a certificate for " + host, e);
    }
  }

  private void create() throws LabException {
    openssl(
        List.of(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            subject(name),
            "-days",
            DAYS,
            "-addext",
            "keyUsage=critical,keyCertSign",
            "-keyout",
            file("ca.key").toString(),
            "-out",
            file("ca.pem").toString()));
  }

  private void request(String host) throws LabException {
    openssl(
        List.of(
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/O=Workgroup/CN=" + host,
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-addext",
            "subjectAltName=DNS:" + host,
            "-keyout",
            file(host + ".key").toString(),
            "-out",
            file(host + ".csr").toString()));
  }

  private void sign(String host, Instant from, Instant until) throws LabException, IOException {
    Files.writeString(file("index"), "");
    Files.writeString(file("ca.conf"), CONFIGURATION.formatted(file("index"), directory));
    openssl(
        List.of(
            "ca",
            "-batch",
            "-notext",
            "-config",
            file("ca.conf").toString(),
            "-cert",
            file("ca.pem").toString(),
            "-keyfile",
            file("ca.key").toString(),
            "-startdate",
            DATE.format(from),
            "-enddate",
            DATE.format(until),
            "-in",
            file(host + ".csr").toString(),
            "-out",
            file(host + ".pem").toString()));
  }

  /// `CN=Branch CA,O=Workgroup` as openssl wants it.
  private static String subject(String name) {
    return "/" + String.join("/", List.of(name.split(",\\s*")).reversed());
  }

  private static void openssl(List<String> words) throws LabException {
    var command = new java.util.ArrayList<>(List.of("openssl"));
    command.addAll(words);
    Command.must(command, "");
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private String read(String name) throws IOException {
    return Files.readString(file(name), StandardCharsets.US_ASCII);
  }
}
