package dev.reeve.model.bundle;

import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The secrets of one host's policies, each sealed to the host's own encryption key: the object
/// that a manifest calls `secrets`.
///
/// A policy, which many hosts share, holds a secret sealed to the server's vault; the digest of
/// that is the secret's id here.
///
/// @param sealed by id
public record HostSecrets(Map<Digest, SealedSecret> sealed) {

  /// More than any policy needs.
  static final int MOST = 1000;

  public static final HostSecrets NONE = new HostSecrets(Map.of());

  public HostSecrets {
    sealed = Map.copyOf(sealed);
  }

  /// @param inPolicy as the policy holds it
  public static Digest idOf(SealedSecret inPolicy) {
    return Digest.of(inPolicy.text().getBytes(StandardCharsets.US_ASCII));
  }

  /// The secrets that a policy's rules hold, sealed to the vault, by id.
  public static Map<Digest, SealedSecret> of(IpsecPolicy policy) {
    return policy.rules().stream()
        .flatMap(rule -> rule.authentication().stream())
        .flatMap(method ->
            method instanceof AuthMethod.PreSharedKey(var key) ? Stream.of(key) : Stream.empty())
        .distinct()
        .collect(Collectors.toMap(HostSecrets::idOf, key -> key));
  }

  public Optional<SealedSecret> find(SealedSecret inPolicy) {
    return Optional.ofNullable(sealed.get(idOf(inPolicy)));
  }

  /// Sorted by id, so that the same secrets are the same object.
  public byte[] toBytes() {
    return JsonText.writeBytes(
        JsonBuilder.object()
            .put("v", 1)
            .putAll(
                "secrets",
                new TreeSet<>(sealed.keySet().stream().map(Digest::hex).toList()).stream().toList(),
                id ->
                    JsonBuilder.object()
                        .put("id", id)
                        .put("sealed", find(new Digest(id)).text())
                        .build())
            .build());
  }

  private SealedSecret find(Digest id) {
    return Optional.ofNullable(sealed.get(id)).orElseThrow();
  }

  /// @throws JsonException when the bytes are no secrets of this format
  public static HostSecrets parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", 1, 1);
    var sealed = new LinkedHashMap<Digest, SealedSecret>();
    for (Entry entry : in.requiredObjects("secrets", Entry::read)) {
      if (sealed.put(entry.id, entry.sealed) != null)
        throw in.error("secrets", "secret " + entry.id + " is there twice");
    }
    if (sealed.size() > MOST)
      throw in.error("secrets", "found " + sealed.size() + ", expected at most " + MOST);
    in.end();
    return new HostSecrets(sealed);
  }

  private record Entry(Digest id, SealedSecret sealed) {
    static Entry read(JsonMembers in) {
      return new Entry(in.parsed("id", Digest::new), in.parsed("sealed", SealedSecret::new));
    }
  }

  /// Nothing that a log should have.
  @Override
  public String toString() {
    return "HostSecrets[" + sealed.size() + "]";
  }
}
