package dev.reeve.agent;

import dev.reeve.model.net.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Addresses of the DNS names that policies use. Whoever asks gets what was known last, and the
/// resolver is asked meanwhile: it may take its time, the loop may not. Only a name never seen
/// before is waited for, briefly: without its addresses its traffic would pass.
final class Names {

  private static final Duration FIRST = Duration.ofSeconds(2);

  private final Map<String, List<IpAddress>> known = new ConcurrentHashMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Runnable changed;

  /// @param changed called when a name means something else than before
  Names(Runnable changed) {
    this.changed = changed;
  }

  List<IpAddress> addresses(String name) {
    boolean first = !known.containsKey(name);
    CompletableFuture<Void> lookup = lookUp(name, first);
    if (first) await(lookup);
    return known.getOrDefault(name, List.of());
  }

  private CompletableFuture<Void> lookUp(String name, boolean first) {
    var done = new CompletableFuture<Void>();
    if (!asked.add(name)) return done;
    Thread.ofVirtual()
        .name("resolver")
        .start(() -> {
          List<IpAddress> found = resolve(name);
          List<IpAddress> before = known.getOrDefault(name, List.of());
          if (!found.isEmpty()) known.put(name, found);
          asked.remove(name);
          boolean late = first && done.isDone();
          boolean unused = done.complete(null);
          if (!found.isEmpty() && !found.equals(before) && (!first || late)) changed.run();
        });
    return done;
  }

  private static void await(CompletableFuture<Void> lookup) {
    try {
      var unused = lookup.get(FIRST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      boolean unused = lookup.complete(null); // what comes later is a change
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<IpAddress> resolve(String name) {
    try {
      return Stream.of(InetAddress.getAllByName(name)).map(Names::address).sorted().toList();
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  static IpAddress address(InetAddress address) {
    return IpAddress.ofBytes(address.getAddress());
  }
}
