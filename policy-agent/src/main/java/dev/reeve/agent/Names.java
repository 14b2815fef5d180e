package dev.reeve.agent;

import dev.reeve.engine.host.HostViewReader;
import dev.reeve.model.net.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/// Addresses of DNS names. Whoever asks gets what was known last, and the resolver is asked
/// meanwhile: it may take its time, the loop may not. Only names of the policy that were never
/// asked for before are waited for, briefly: without its addresses the traffic of one would pass.
final class Names implements HostViewReader.Resolver {

  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final String JVM_KEEPS_SECONDS = "5";

  private final Function<String, List<IpAddress>> resolver;
  private final Duration patience;
  private final Runnable changed;

  private final Map<String, List<IpAddress>> known = new HashMap<>();
  private final Map<String, List<IpAddress>> answered = new HashMap<>();
  private final Map<String, CompletableFuture<Void>> asked = new HashMap<>();

  /// The JVM shows no TTL and keeps answers for 30 s of its own. The system's resolver, which heeds
  /// the TTL, is to say what counts, and a burst of applies is not to ask it for each.
  static void askTheSystem() {
    Security.setProperty("networkaddress.cache.ttl", JVM_KEEPS_SECONDS);
    Security.setProperty("networkaddress.cache.negative.ttl", JVM_KEEPS_SECONDS);
  }

  /// @param changed called when a name means something else than was answered last
  Names(Runnable changed) {
    this(Names::resolve, FIRST, changed);
  }

  /// @param resolver empty when there is none, or it cannot be asked
  /// @param patience with all names of one question that are asked for the first time
  Names(Function<String, List<IpAddress>> resolver, Duration patience, Runnable changed) {
    this.resolver = resolver;
    this.patience = patience;
    this.changed = changed;
  }

  @Override
  public Map<String, List<IpAddress>> ofPolicy(Collection<String> names) {
    await(lookUp(names));
    return answer(names);
  }

  @Override
  public Map<String, List<IpAddress>> ofDirectories(Collection<String> names) {
    var unused = lookUp(names);
    return answer(names);
  }

  private synchronized Map<String, List<IpAddress>> answer(Collection<String> names) {
    var answer = new HashMap<String, List<IpAddress>>();
    for (String name : names) answer.put(name, known.getOrDefault(name, List.of()));
    answered.putAll(answer);
    return answer;
  }

  /// @return what is under way for names that were never answered
  private synchronized List<CompletableFuture<Void>> lookUp(Collection<String> names) {
    var first = new ArrayList<CompletableFuture<Void>>();
    for (String name : names) {
      CompletableFuture<Void> lookup = asked.computeIfAbsent(name, this::start);
      if (!answered.containsKey(name)) first.add(lookup);
    }
    return first;
  }

  private CompletableFuture<Void> start(String name) {
    var done = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .name("resolver")
        .start(() -> {
          boolean other = found(name, resolver.apply(name));
          boolean unused = done.complete(null);
          if (other) changed.run();
        });
    return done;
  }

  /// @return whether that is not what was answered
  private synchronized boolean found(String name, List<IpAddress> addresses) {
    asked.remove(name);
    if (addresses.isEmpty()) return false; // it keeps what it had
    known.put(name, addresses);
    return Optional.ofNullable(answered.get(name)).filter(a -> !a.equals(addresses)).isPresent();
  }

  private void await(List<CompletableFuture<Void>> lookups) {
    if (lookups.isEmpty()) return;
    try {
      var unused =
          CompletableFuture.allOf(lookups.toArray(CompletableFuture[]::new))
              .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // what comes later is a change
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
