package dev.reeve.server.secrets;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.HostSecrets;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.server.rsop.SecretsOfHosts;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens secrets with the vault and seals them to hosts; remembers the last of each host, because
/// sealing costs two multiplications on the curve. A secret of another vault is left out: its host
/// reports that it cannot open it.
public final class Resealed implements SecretsOfHosts {

  private static final Logger LOG = LoggerFactory.getLogger("publish");

  private final Vault vault;
  private final Map<HostId, Made> last = new ConcurrentHashMap<>();

  private record Made(PublicKey key, Set<Digest> ids, Optional<byte[]> object) {}

  public Resealed(Vault vault) {
    this.vault = vault;
  }

  @Override
  public Optional<byte[]> find(
      HostId host, Optional<PublicKey> key, Map<Digest, SealedSecret> inPolicies) {
    if (key.isEmpty() || inPolicies.isEmpty()) return Optional.empty();
    return last.compute(
            host,
            (_, before) ->
                before != null
                        && before.key.equals(key.get())
                        && before.ids.equals(inPolicies.keySet())
                    ? before
                    : make(host, key.get(), inPolicies))
        .object;
  }

  private Made make(HostId host, PublicKey key, Map<Digest, SealedSecret> inPolicies) {
    var sealed = new HashMap<Digest, SealedSecret>();
    inPolicies.forEach((id, secret) -> {
      try {
        sealed.put(id, vault.reseal(secret, host, key));
      } catch (IllegalArgumentException e) {
        LOG.error(
            "secret {} of host {} cannot be opened with this server's vault key: {}",
            id,
            host,
            e.getMessage());
      }
    });
    return new Made(
        key,
        Set.copyOf(inPolicies.keySet()),
        sealed.isEmpty() ? Optional.empty() : Optional.of(new HostSecrets(sealed).toBytes()));
  }
}
