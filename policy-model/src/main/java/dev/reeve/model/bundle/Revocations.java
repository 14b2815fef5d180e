package dev.reeve.model.bundle;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which hosts' certificates count no more: the object that a manifest calls `revocations`.
///
/// The CRL says so to IKE daemons, by serial numbers. The host ids say it to an agent, which ends
/// the associations that such a host has.
///
/// @param crl in DER, signed by the issuer of hosts
public record Revocations(byte[] crl, Set<HostId> hosts) {

  public Revocations {
    crl = crl.clone();
    hosts = Set.copyOf(hosts);
    if (crl.length == 0) throw new IllegalArgumentException("revocations without a CRL");
  }

  @Override
  public byte[] crl() {
    return crl.clone();
  }

  public byte[] toBytes() {
    return JsonText.writeBytes(
        JsonBuilder.object()
            .put("v", 1)
            .put("crl", Base64.getEncoder().encodeToString(crl))
            .putStrings(
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
    return other instanceof Revocations that
        && Arrays.equals(crl, that.crl)
        && hosts.equals(that.hosts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(crl), hosts);
  }

  @Override
  public String toString() {
    return "Revocations[" + hosts.size() + " hosts, CRL of " + crl.length + " bytes]";
  }
}
