package dev.reeve.agent;

import dev.reeve.agent.control.ControlRequest;
import dev.reeve.agent.control.ControlRequest.GpUpdate;
import dev.reeve.agent.control.ControlRequest.Simple;
import dev.reeve.agent.control.ControlServer;
import dev.reeve.agent.dynamic.DynamicChange;
import dev.reeve.engine.Negotiator.Credentials;
import dev.reeve.engine.negotiate.NeededCrl;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Answers what is asked on the control socket, from the state as it is. Only `gpupdate` waits, on
/// the asker's own thread.
///
/// @param poller empty when there is no server to ask
/// @param notJoined why not
/// @param credentials what this host proves itself with now
record Desk(
    AgentLoop loop,
    Optional<Poller> poller,
    String notJoined,
    Supplier<Credentials> credentials,
    InstantSource clock) {

  /// For what the loop does: an engine with many filters takes its time.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  JsonObject answer(ControlRequest request) {
    return switch (request) {
      case GpUpdate(var force, var waitSeconds) -> gpupdate(force, waitSeconds);
      case Simple.STATUS -> status();
      case Simple.RSOP -> rsop();
      case Simple.MANIFEST -> manifest();
      case Simple.SIGHT -> sight();
      case ControlRequest.Change(var what) -> change(what);
      case ControlRequest.EndAssociations(var peer) -> end(peer);
      case Simple.SHUTDOWN -> {
        boolean taken = loop.post(AgentEvent.Stop.STOP);
        yield JsonBuilder.object().put("stopping", taken).build();
      }
    };
  }

  private JsonObject sight() {
    var asked = new AgentEvent.SightAsked(new CompletableFuture<>());
    boolean taken = loop.post(asked);
    return (taken ? await(asked.reply(), soon()) : Optional.<Sight>empty())
        .map(seen ->
            SightJson.write(
                seen, loop.state(), notJoined.isEmpty(), neededCrls(seen), clock.instant()))
        .orElseGet(Desk::busy);
  }

  private List<NeededCrl> neededCrls(Sight seen) {
    Credentials own = credentials.get();
    return NeededCrl.of(
        seen.policy().settings(),
        own.revocations(),
        Stream.concat(own.machine().stream(), own.others().stream()).toList());
  }

  private JsonObject change(JsonObject what) {
    DynamicChange change = DynamicChange.read(JsonMembers.of("$.what", what));
    var asked = new AgentEvent.DynamicAsked(change, new CompletableFuture<>());
    return changed(loop.post(asked) ? await(asked.reply(), soon()) : Optional.empty());
  }

  private JsonObject end(Optional<String> peer) {
    var asked = new AgentEvent.EndAsked(peer.map(IpAddress::parse), new CompletableFuture<>());
    return changed(loop.post(asked) ? await(asked.reply(), soon()) : Optional.empty());
  }

  private static long soon() {
    return System.nanoTime() + PATIENCE.toNanos();
  }

  private static JsonObject busy() {
    return ControlServer.error("BUSY", "the agent is busy; try again");
  }

  private JsonObject changed(Optional<Changed> reply) {
    if (reply.isEmpty()) return busy();
    return switch (reply.get()) {
      case Changed.Done(var outcome) ->
          JsonBuilder.object()
              .put("changed", true)
              .putStrings(
                  "steps",
                  outcome instanceof ApplyOutcome.Applied(var steps, var _) ? steps : List.of())
              .putAll("rules", outcome.rules(), Desk::rule)
              .build();
      case Changed.Ended(var count) -> JsonBuilder.object().put("ended", count).build();
      case Changed.Refused(var detail) -> ControlServer.error("REFUSED", detail);
      case Changed.Failed(var detail) ->
          ControlServer.error("FAILED", "not applied, and taken back: " + detail);
    };
  }

  private JsonObject gpupdate(boolean force, int waitSeconds) {
    long until = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
    CompletableFuture<PollOutcome> asked =
        poller
            .map(p -> p.ask(force))
            .orElseGet(
                () -> CompletableFuture.completedFuture(new PollOutcome.NotJoined(notJoined)));
    var check = new AgentEvent.CheckAsked(new CompletableFuture<>());
    if (waitSeconds == 0) {
      boolean unused = loop.post(check);
      return JsonBuilder.object().put("poll", "asked").build();
    }
    Optional<PollOutcome> polled = await(asked, until);
    // Whatever the server says, the kernel is compared with what is wanted.
    boolean appliedJustNow =
        polled.orElse(null) instanceof PollOutcome.Arrived(var _, var _, var outcome)
            && !(outcome instanceof ApplyOutcome.Failed);
    Optional<ApplyOutcome> outcome = loop.state().outcome();
    if (!appliedJustNow && loop.post(check)) {
      outcome = await(check.reply(), until).flatMap(o -> o);
    }
    return describe(polled, outcome);
  }

  private static <T> Optional<T> await(CompletableFuture<T> reply, long until) {
    try {
      return Optional.of(reply.get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private JsonObject describe(Optional<PollOutcome> polled, Optional<ApplyOutcome> outcome) {
    AgentState state = loop.state();
    var json = JsonBuilder.object();
    if (polled.isEmpty()) {
      json.put("poll", "failed").put("detail", "no answer in the time given");
    } else {
      switch (polled.get()) {
        case PollOutcome.Arrived _ -> json.put("poll", "arrived").put("detail", "");
        case PollOutcome.Unchanged _ -> json.put("poll", "unchanged").put("detail", "");
        case PollOutcome.Refused(var reason, var detail) ->
            json.put("poll", "refused").put("detail", reason + ": " + detail);
        case PollOutcome.Failed(var detail) -> json.put("poll", "failed").put("detail", detail);
        case PollOutcome.NotJoined(var detail) ->
            json.put("poll", "not-joined").put("detail", detail);
      }
    }
    json.put("version", state.running().map(BundleVersion::toString).orElse(""));
    json.put("outcome", state.outcomeWord());
    json.put("outcomeDetail", state.outcomeDetail());
    boolean applied = outcome.orElse(null) instanceof ApplyOutcome.Applied;
    json.putStrings(
        "steps",
        applied && outcome.orElseThrow() instanceof ApplyOutcome.Applied(var steps, var _)
            ? steps
            : List.of());
    return json.putAll("rules", state.rules(), Desk::rule).build();
  }

  static JsonObject rule(RuleStatus rule) {
    return JsonBuilder.object()
        .put("id", rule.ruleId())
        .put("name", rule.ruleName())
        .put("state", rule.state().name())
        .put("detail", rule.detail())
        .build();
  }

  private JsonObject status() {
    AgentState state = loop.state();
    Contact contact = state.contact();
    Instant now = clock.instant();
    var refused = JsonBuilder.object();
    state.refusals().forEach(refused::put);
    return JsonBuilder.object()
        .put("time", now.toString())
        .put("joined", notJoined.isEmpty())
        .put("standing", Standing.of(state.kept().with(state.stores()), notJoined.isEmpty()))
        .put("running", state.running().map(BundleVersion::toString).orElse(""))
        .put("engine", state.enforced().engine())
        .put("outcome", state.outcomeWord())
        .put("detail", state.outcomeDetail())
        .putOrNull("applied", state.enforced().applied().map(Instant::toString))
        .put("server", contact.server())
        .put("reachable", contact.reachable())
        .put("since", contact.since().toString())
        .putOrNull("lastAnswer", contact.lastAnswer().map(Instant::toString))
        .put("lastError", notJoined.isEmpty() ? contact.lastError() : notJoined)
        .put("manifest", manifestFacts(state))
        .putAll("rules", state.rules(), Desk::rule)
        .put("refused", refused.build())
        .putStrings("problems", state.problems(now))
        .putStrings("exempt", state.enforced().exempt())
        .build();
  }

  private JsonValue manifestFacts(AgentState state) {
    if (state.kept().current().isEmpty()) return JsonNull.NULL;
    Manifest manifest = state.kept().current().get().manifest();
    return JsonBuilder.object()
        .put("host", manifest.host().text())
        .put("version", manifest.version().toString())
        .put("computer", manifest.computer())
        .put("issued", manifest.issued().toString())
        .put("expires", manifest.expires().toString())
        .put("expired", clock.instant().isAfter(manifest.expires()))
        .put("confirmed", state.kept().currentIsConfirmed())
        .putOrNull("policyFrom", from(state.kept().policy()))
        .putOrNull("persistentFrom", from(state.kept().persistent()))
        .putOrNull("settingsFrom", from(state.kept().settings()))
        .build();
  }

  private static Optional<String> from(Optional<VerifiedBundle> bundle) {
    return bundle.map(b -> b.manifest().version().toString());
  }

  private JsonObject rsop() {
    AgentState state = loop.state();
    HostPolicy policy = state.kept().with(state.stores());
    return JsonBuilder.object()
        .put("provenance", state.kept().current().map(Desk::provenance).orElse(JsonNull.NULL))
        .put("manifest", manifestFacts(state))
        .put("store", policy.active().isPresent() ? policy.activeStore().toString() : "none")
        .put("policy", policy(policy.active()))
        .put("persistent", policy(policy.persistent()))
        .put("settings", policy.settings().toJson())
        .putAll("rules", state.rules(), Desk::rule)
        .build();
  }

  private static JsonValue policy(Optional<IpsecPolicy> policy) {
    return policy.<JsonValue>map(IpsecJson::write).orElse(JsonNull.NULL);
  }

  /// The RSoP document of this host: the one its class shares, with its own name in front. Signed,
  /// but made by somebody else: what is no JSON object is shown as the text it is.
  private static JsonValue provenance(VerifiedBundle bundle) {
    try {
      if (JsonText.parse(bundle.provenance()) instanceof JsonObject(var shared)) {
        var document = JsonBuilder.object().put("computer", bundle.manifest().computer());
        shared.forEach(document::put);
        return document.build();
      }
    } catch (IllegalArgumentException _) {
      // shown as it is
    }
    return JsonValue.of(new String(bundle.provenance(), StandardCharsets.UTF_8));
  }

  private JsonObject manifest() {
    return loop.state()
        .kept()
        .current()
        .map(bundle ->
            JsonBuilder.object()
                .put("version", bundle.manifest().version().toString())
                .put("cms", Base64.getEncoder().encodeToString(bundle.signed()))
                .build())
        .orElseGet(() -> ControlServer.error("NONE", "this host has not received a bundle yet"));
  }
}
