package dev.reeve.engine.kernel;

import dev.reeve.engine.tool.ToolException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A network of this machine, network_namespaces(7).
///
/// @param name that `ip netns` knows; empty for our own
public record Namespace(Optional<String> name) {

  private static final int CLONE_NEWNET = 0x40000000;

  public static Namespace named(String name) {
    return new Namespace(Optional.of(name));
  }

  /// That of programs which are run behind `prefix`; empty when it is none we can enter.
  ///
  /// @param prefix `ip netns exec NAME`, or empty for our own network
  public static Optional<Namespace> behind(List<String> prefix) {
    if (prefix.isEmpty()) return Optional.of(new Namespace(Optional.empty()));
    if (prefix.size() == 4 && prefix.subList(0, 3).equals(List.of("ip", "netns", "exec"))) {
      return Optional.of(named(prefix.get(3)));
    }
    return Optional.empty();
  }

  interface Work<T> {
    T in() throws ToolException;
  }

  /// In a thread of its own where another network is meant: a thread can change its own only.
  <T> T does(Work<T> work) throws ToolException {
    if (name.isEmpty()) return work.in();
    var result =
        new FutureTask<T>(() -> {
          enter("/run/netns/" + name.get());
          return work.in();
        });
    Thread.ofPlatform().daemon().start(result);
    try {
      return result.get();
    } catch (ExecutionException e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new ToolException(String.valueOf(cause.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolException("interrupted while the kernel was asked", e);
    }
  }

  private static void enter(String path) throws ToolException {
    try (var arena = Arena.ofConfined()) {
      var calls = new CLibrary(arena);
      int descriptor = (int) calls.call("open " + path, CLibrary.OPEN, arena.allocateFrom(path), 0);
      try {
        long unused = calls.call("setns", CLibrary.SETNS, descriptor, CLONE_NEWNET);
      } finally {
        calls.close(descriptor);
      }
    }
  }
}
