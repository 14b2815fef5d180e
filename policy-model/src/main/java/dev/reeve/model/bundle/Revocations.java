package dev.reeve.model.bundle;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which hosts' certificates count no more: the object that a manifest calls `revocations`.
///
/// The CRLs say so to IKE daemons, by serial numbers. The host ids say it to an agent, which ends
/// the associations that such a host has.
///
/// @param crl in DER, signed by the issuer of hosts
/// @param others likewise, of other authorities: the root, and those of other CAs
public record Revocations(byte[] crl, List<byte[]> others, Set<HostId> hosts) {

  /// In bytes: a host's charon takes no longer one in a command.
  public static final int LONGEST_CRL = 65_535;

  public Revocations {
    crl = crl.clone();
    others = others.stream().map(byte[]::clone).toList();
    hosts = Set.copyOf(hosts);
    if (crl.length == 0 || others.stream().anyMatch(other -> other.length == 0))
      throw new IllegalArgumentException("revocations without a CRL");
  }

  @Override
  public byte[] crl() {
    return crl.clone();
  }

  @Override
  public List<byte[]> others() {
    return others.stream().map(byte[]::clone).toList();
  }

  public byte[] toBytes() {
    JsonBuilder out =
        JsonBuilder.object().put("v", 1).put("crl", Base64.getEncoder().encodeToString(crl));
    if (!others.isEmpty()) {
      out.putStrings("others", others.stream().map(Base64.getEncoder()::encodeToString).toList());
    }
    return JsonText.writeBytes(
        out.putStrings(
                "hosts", new TreeSet<>(hosts.stream().map(HostId::text).toList()).stream().toList())
            .build());
  }

  /// @throws JsonException when the bytes are no revocations of this format
  public static Revocations parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", 1, 1);
    try {
      var revocations =
          new Revocations(
              in.parsed("crl", Base64.getDecoder()::decode),
              in.strings("others").stream().map(Base64.getDecoder()::decode).toList(),
              in.strings("hosts").stream().map(HostId::new).collect(Collectors.toSet()));
      in.end();
      return revocations;
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException(in.path(), String.valueOf(e.getMessage()));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Revocations that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "Revocations[%d hosts, CRL of %d bytes, %d others]"
        .formatted(hosts.size(), crl.length, others.size());
  }
}
