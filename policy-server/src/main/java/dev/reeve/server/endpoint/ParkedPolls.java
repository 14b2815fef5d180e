package dev.reeve.server.endpoint;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.endpoint.AgentService.Answer;
import dev.reeve.server.endpoint.AgentService.Poll;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Polls that wait for a change. A parked poll is an object in a set; no thread waits with it.
final class ParkedPolls {

  private static final Logger LOG = LoggerFactory.getLogger("publish");

  /// More than these are answered at once: they ask again, and the server stays up.
  static final int MAX_PARKED = 50_000;

  /// One host waiting.
  ///
  /// @param etag what it has
  /// @param answer called once, from any thread, when there is something else
  record Parked(
      HostId host, Optional<BundleVersion> floor, String etag, Consumer<Answer<Poll>> answer) {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final AgentService service;
  private final Executor executor;
  private final Set<Parked> parked = ConcurrentHashMap.newKeySet();
  private final AtomicInteger wanted = new AtomicInteger();

  ParkedPolls(AgentService service, Executor executor) {
    this.service = service;
    this.executor = executor;
  }

  int size() {
    return parked.size();
  }

  /// @param generation of the answer the host has; a change since then is noticed here
  /// @return false when the house is full
  boolean park(Parked poll, long generation) {
    if (parked.size() >= MAX_PARKED) return false;
    parked.add(poll);
    if (service.generation() != generation) wake();
    return true;
  }

  /// @return whether it was still waiting
  boolean remove(Parked poll) {
    return parked.remove(poll);
  }

  /// Something may have changed: look once for everybody. However many calls come while a look is
  /// under way, one more look follows it.
  void wake() {
    if (wanted.getAndIncrement() == 0) executor.execute(this::look);
  }

  private void look() {
    for (int seen = wanted.get(); seen > 0; seen = wanted.addAndGet(-seen)) lookOnce();
  }

  private void lookOnce() {
    for (Parked poll : parked) {
      try {
        Answer<Poll> answer = service.poll(poll.host, poll.floor, AgentService.Has.NOTHING);
        boolean same = answer instanceof Answer.Ok<Poll>(var now) && now.etag().equals(poll.etag);
        if (!same && parked.remove(poll)) poll.answer.accept(answer);
      } catch (RuntimeException e) {
        LOG.error(
            "a parked poll of host {} could not be answered; report this as a bug", poll.host, e);
      }
    }
  }
}
