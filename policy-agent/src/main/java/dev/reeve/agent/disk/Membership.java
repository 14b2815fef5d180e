package dev.reeve.agent.disk;

import dev.reeve.agent.http.Endpoint;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.util.List;
import java.util.Optional;

/// Who this host is and whom it trusts: everything that joining gave it, apart from its key.
///
/// @param keyFile name of the private key's file beside the identity
/// @param machineId the machine that joined; a copy on another machine is not this host
/// @param servers where to ask, the first one first
/// @param serverNames names of which a server's certificate must carry one
/// @param certificate the host's own, PEM, leaf first, with its issuer
/// @param signers whose manifests it obeys, with their issuers, PEM
/// @param formerSigners whose it obeyed before: what it kept of theirs stays in force
public record Membership(
    HostId host,
    String epoch,
    String computer,
    String keyFile,
    Optional<String> machineId,
    List<Endpoint> servers,
    List<String> serverNames,
    String certificate,
    String root,
    String serverIssuers,
    String signers,
    String formerSigners) {

  public Membership {
    servers = List.copyOf(servers);
    serverNames = List.copyOf(serverNames);
    if (servers.isEmpty()) throw new IllegalArgumentException("an identity without a server");
    if (!keyFile.matches("key-[0-9a-f]{16}\\.pem"))
      throw new IllegalArgumentException("'" + keyFile + "' is no key file of ours");
  }

  /// The name that the certificate of `server` must carry.
  public String nameOf(Endpoint server) {
    return serverNames.isEmpty() || serverNames.contains(server.host())
        ? server.host()
        : serverNames.getFirst();
  }

  /// Apart from the certificate, which is renewed while the agent runs.
  public boolean sameAs(Membership other) {
    return withCertificate("").equals(other.withCertificate(""));
  }

  public Membership withCertificate(String renewed) {
    return with(renewed, signers, formerSigners);
  }

  /// Those of now become former ones.
  public Membership withSigners(String next) {
    return with(certificate, next, signers + formerSigners);
  }

  private Membership with(String certificate, String signers, String formerSigners) {
    return new Membership(
        host,
        epoch,
        computer,
        keyFile,
        machineId,
        servers,
        serverNames,
        certificate,
        root,
        serverIssuers,
        signers,
        formerSigners);
  }

  byte[] toBytes() {
    return JsonText.writeBytes(
        JsonBuilder.object()
            .put("v", 1)
            .put("host", host.text())
            .put("epoch", epoch)
            .put("computer", computer)
            .put("key", keyFile)
            .putIfPresent("machineId", machineId)
            .putStrings("servers", servers.stream().map(Endpoint::toString).toList())
            .putStrings("serverNames", serverNames)
            .put("certificate", certificate)
            .put("root", root)
            .put("serverIssuers", serverIssuers)
            .put("signers", signers)
            .putIfPresent(
                "formerSigners", Optional.of(formerSigners).filter(former -> !former.isEmpty()))
            .build());
  }

  /// @throws JsonException when the bytes are no identity of this format
  static Membership parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", 1, 1);
    try {
      var identity =
          new Membership(
              in.parsed("host", HostId::new),
              in.string("epoch"),
              in.string("computer"),
              in.string("key"),
              in.findString("machineId"),
              in.strings("servers").stream().map(Endpoint::parse).toList(),
              in.strings("serverNames"),
              in.string("certificate"),
              in.string("root"),
              in.string("serverIssuers"),
              in.string("signers"),
              in.findString("formerSigners").orElse(""));
      in.end();
      return identity;
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException("$", String.valueOf(e.getMessage()));
    }
  }
}
