package dev.reeve.model.bundle;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The two messages by which a host joins: `POST /agent/v1/enroll`.
public final class Enrolment {

  private Enrolment() {}

  /// @param csr PKCS#10 in PEM; it supplies the key and nothing else, names come from the token or
  ///   the entry
  /// @param hostName what the host calls itself; chooses the entry where the token leaves that open
  public record Request(
      String tokenId, String secret, String csr, String hostName, Map<String, String> facts) {
    public Request {
      facts = Map.copyOf(facts);
    }

    public byte[] toBytes() {
      var names = JsonBuilder.object();
      new TreeMap<>(facts).forEach(names::put);
      return JsonText.writeBytes(
          JsonBuilder.object()
              .put("v", 1)
              .put("token", tokenId)
              .put("secret", secret)
              .put("csr", csr)
              .put("hostName", hostName)
              .put("facts", names.build())
              .build());
    }

    public static Request parse(byte[] utf8) {
      JsonMembers in = JsonText.parseObject(utf8);
      in.number("v", 1, 1);
      var request =
          new Request(
              in.string("token"),
              in.string("secret"),
              in.string("csr"),
              in.string("hostName"),
              Facts.read(in.object("facts")));
      in.end();
      return request;
    }

    /// Without the secret.
    @Override
    public String toString() {
      return "Request[" + tokenId + ", " + hostName + "]";
    }
  }

  /// @param certificate the host's own, PEM, leaf first, with its issuer
  /// @param root the root certificate, PEM
  /// @param serverIssuers whom the agent accepts as issuer of its server's TLS certificate, PEM
  /// @param signers whom the gate accepts as signer of manifests, PEM
  /// @param serverNames names or addresses the server's certificate carries
  public record Response(
      HostId host,
      String epoch,
      String computer,
      String certificate,
      String root,
      String serverIssuers,
      String signers,
      List<String> serverNames) {
    public Response {
      serverNames = List.copyOf(serverNames);
    }

    public byte[] toBytes() {
      return JsonText.writeBytes(
          JsonBuilder.object()
              .put("v", 1)
              .put("host", host.text())
              .put("epoch", epoch)
              .put("computer", computer)
              .put("certificate", certificate)
              .put("root", root)
              .put("serverIssuers", serverIssuers)
              .put("signers", signers)
              .putStrings("serverNames", serverNames)
              .build());
    }

    public static Response parse(byte[] utf8) {
      JsonMembers in = JsonText.parseObject(utf8);
      in.number("v", 1, 1);
      var response =
          new Response(
              in.parsed("host", HostId::new),
              in.string("epoch"),
              in.string("computer"),
              in.string("certificate"),
              in.string("root"),
              in.string("serverIssuers"),
              in.string("signers"),
              in.strings("serverNames"));
      in.end();
      return response;
    }
  }
}
