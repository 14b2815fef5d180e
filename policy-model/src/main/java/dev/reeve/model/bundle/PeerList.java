package dev.reeve.model.bundle;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which hosts may associate with one host, as its settings `networkAllow` and `networkDeny` say:
/// the object that a manifest calls `peers`.
///
/// @param allowed empty when every host is that is not denied
/// @param denied wins
public record PeerList(Optional<Set<HostId>> allowed, Set<HostId> denied) {

  public PeerList {
    allowed = allowed.map(Set::copyOf);
    denied = Set.copyOf(denied);
  }

  public boolean allows(HostId host) {
    return !denied.contains(host) && (allowed.isEmpty() || allowed.get().contains(host));
  }

  /// Sorted, so that the same list is the same object.
  public byte[] toBytes() {
    return JsonText.writeBytes(
        JsonBuilder.object()
            .put("v", 1)
            .put("everybody", allowed.isEmpty())
            .putStrings("allowed", sorted(allowed.orElse(Set.of())))
            .putStrings("denied", sorted(denied))
            .build());
  }

  private static Collection<String> sorted(Set<HostId> hosts) {
    return new TreeSet<>(hosts.stream().map(HostId::text).toList());
  }

  /// @throws JsonException when the bytes are no list of this format
  public static PeerList parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", 1, 1);
    try {
      boolean everybody = in.bool("everybody");
      Set<HostId> named = hosts(in.strings("allowed"));
      Optional<Set<HostId>> allowed = everybody ? Optional.empty() : Optional.of(named);
      var list = new PeerList(allowed, hosts(in.strings("denied")));
      in.end();
      return list;
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException(in.path(), String.valueOf(e.getMessage()));
    }
  }

  private static Set<HostId> hosts(List<String> ids) {
    return ids.stream().map(HostId::new).collect(Collectors.toSet());
  }

  @Override
  public String toString() {
    return "PeerList["
        + allowed.map(hosts -> hosts.size() + " allowed").orElse("all allowed")
        + ", "
        + denied.size()
        + " denied]";
  }
}
