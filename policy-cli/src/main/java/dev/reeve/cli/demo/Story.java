package dev.reeve.cli.demo;

import dev.reeve.cli.lab.HostResult;
import dev.reeve.cli.lab.Lab;
import dev.reeve.cli.lab.LabDirectory;
import dev.reeve.cli.lab.LabDirectory.LinkChange;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.LabServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// What the demo shows, in order. Every claim is checked; the first that fails ends the story.
final class Story {

  private static final String LOCKDOWN = "Web Lockdown";
  private static final String LOCKED_OU = "Web";
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /// A change must be enforced within this time.
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Lab lab;
  private final LabServer server;
  private final Narrator narrator;
  private final Traffic traffic;

  Story(Lab lab, Narrator narrator) {
    this.lab = lab;
    this.server = lab.server();
    this.narrator = narrator;
    this.traffic = new Traffic(lab, narrator);
  }

  void tell() throws DemoFailure {
    narrator.chapter("1  A directory and a policy server");
    serverUp();
    traffic.beforeAnyPolicy();
    narrator.chapter("2  Three hosts join, fetch their policy and enforce it");
    hostsJoin();
    traffic.underPolicy();
    narrator.chapter("3  A change: GPO \"" + LOCKDOWN + "\" is linked to OU=" + LOCKED_OU);
    change();
    narrator.chapter("4  The policy server is gone");
    serverGone();
    narrator.chapter("5  A change while no host reaches the server");
    changeDuringOutage();
  }

  private void serverUp() throws DemoFailure {
    narrator.step(
        "starting the server",
        () -> {
          var unused = server.start();
          try (LabDirectory directory = server.directory()) {
            return "server up; sample domain %s: %d computers, %d GPOs"
                .formatted(
                    directory.base(),
                    directory.count("(objectClass=computer)"),
                    directory.count("(objectClass=groupPolicyContainer)"));
          }
        },
        text -> text);
  }

  /// All at once; told in order.
  private void hostsJoin() throws DemoFailure {
    Map<LabHost, CompletableFuture<Joined>> joining = new LinkedHashMap<>();
    for (LabHost host : lab.hosts()) {
      var joined = new CompletableFuture<Joined>();
      joining.put(host, joined);
      Thread.ofPlatform().daemon().start(() -> join(host, joined));
    }
    for (var entry : joining.entrySet()) {
      String name = entry.getKey().name();
      narrator.step(
          name + ": token, join, first policy",
          () -> result(entry.getValue()),
          joined -> describe(name, joined.result()),
          Joined::nanos);
    }
  }

  private record Joined(HostResult result, long nanos) {}

  private void join(LabHost host, CompletableFuture<Joined> joined) {
    long start = System.nanoTime();
    try (LabDirectory directory = server.directory()) {
      host.join(server.token(directory.computer(host.name())));
      host.startAgent();
      HostResult result = host.await("its first policy", PATIENCE, this::settled);
      joined.complete(new Joined(result, System.nanoTime() - start));
    } catch (LabException | RuntimeException e) {
      joined.completeExceptionally(e);
    }
  }

  private static Joined result(CompletableFuture<Joined> joined) throws LabException {
    try {
      return joined.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LabException cause) throw cause;
      throw new LabException("joining", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }

  /// A policy is in force and the engine has nothing left to do.
  private boolean settled(HostResult result) {
    return result.policy().isPresent()
        && result.settled()
        && (!lab.hasPackets() || result.rules("ENFORCED") > 0);
  }

  private String describe(String name, HostResult result) {
    int negotiated = result.rules("NOT_NEGOTIATED");
    return "%s: site %s, GPO \"%s\", policy \"%s\", %s%s"
        .formatted(
            name,
            result.site().orElse("none"),
            result.gpo().orElse("?"),
            result.policy().orElse("?"),
            lab.hasPackets()
                ? "%d of %d rules enforced".formatted(result.rules("ENFORCED"), result.rules())
                : "%d rules shown by the dry run".formatted(result.rules()),
            negotiated == 0 ? "" : " (" + negotiated + " need IKE: held closed)");
  }

  private void change() throws DemoFailure {
    LinkChange link = lockdown(true);
    narrator.say("what an administrator would type:");
    narrator.paste(Shell.ldapmodify(server, link));
    locks("linked over LDAP", () -> apply(link));
    LinkChange unlink = lockdown(false);
    unlocks("unlinked again", () -> apply(unlink));
  }

  private LinkChange lockdown(boolean linked) throws DemoFailure {
    try (LabDirectory directory = server.directory()) {
      String gpo = directory.gpo(LOCKDOWN);
      String ou = directory.ou(LOCKED_OU);
      return linked ? directory.linkFirst(gpo, ou) : directory.unlink(gpo, ou);
    } catch (LabException e) {
      throw new DemoFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private void apply(LinkChange change) throws LabException {
    try (LabDirectory directory = server.directory()) {
      directory.apply(change);
    }
  }

  private void locks(String trigger, Narrator.Check act) throws DemoFailure {
    timed(trigger, act, true);
  }

  private void unlocks(String trigger, Narrator.Check act) throws DemoFailure {
    timed(trigger, act, false);
  }

  /// From the moment `act` returns until web-01 enforces what it means.
  private void timed(String trigger, Narrator.Check act, boolean locked) throws DemoFailure {
    narrator.step(
        trigger + "; web-01 " + (locked ? "locks down" : "opens up"),
        () -> {
          act.run();
          long start = System.nanoTime();
          Duration took = enforced(locked, start);
          if (took.compareTo(LIMIT) > 0) {
            throw new LabException(
                "it took " + took.toSeconds() + " s, more than " + LIMIT.toSeconds() + " s");
          }
          return trigger
              + ": enforced after "
              + Narrator.seconds(took.toNanos())
              + (lab.hasPackets()
                  ? "; client-01 to web-01:8000 " + (locked ? "is blocked" : "works")
                  : "");
        },
        text -> text);
  }

  private Duration enforced(boolean locked, long start) throws LabException {
    LabHost web = lab.host("web-01");
    var after =
        web.await(
            locked ? "the policy of " + LOCKDOWN : "the policy it had before",
            LIMIT.plusSeconds(15),
            result -> result.gpo().equals(Optional.of(LOCKDOWN)) == locked && settled(result));
    if (lab.hasPackets()) traffic.awaitLocked(locked, LIMIT);
    else if (after.policy().isEmpty()) throw new LabException("web-01 has no policy");
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void serverGone() throws DemoFailure {
    narrator.step("server killed (SIGKILL)", server::kill);
    traffic.stillUnderPolicy("hosts go on enforcing");
    LabHost web = host("web-01");
    narrator.step(
        "web-01: agent killed and started again, no server to ask",
        () -> {
          web.killAgent();
          web.startAgent();
          return web.await("its cached policy", PATIENCE, this::settled);
        },
        result ->
            "web-01: agent killed and started again: policy \"%s\" from its cache"
                .formatted(result.policy().orElse("?")));
    traffic.stillUnderPolicy("web-01 still enforces");
    narrator.step(
        "server started again; all hosts are back",
        () -> {
          var unused = server.start();
          for (LabHost host : lab.hosts()) {
            var back = host.await("the server to be back", PATIENCE, HostResult::reachesServer);
            if (!settled(back)) throw new LabException(host.name() + ": " + back.toText());
          }
        });
  }

  private void changeDuringOutage() throws DemoFailure {
    narrator.step(
        lab.hasPackets()
            ? "the cable between hosts and server is pulled"
            : "the way between hosts and server is cut",
        server::cut);
    LinkChange link = lockdown(true);
    narrator.step(
        "GPO \"" + LOCKDOWN + "\" linked meanwhile; web-01 cannot know",
        () -> {
          apply(link);
          traffic.notYetLocked();
        });
    locks("outage over", server::mend);
    LinkChange unlink = lockdown(false);
    unlocks("unlinked again", () -> apply(unlink));
  }

  private LabHost host(String name) throws DemoFailure {
    try {
      return lab.host(name);
    } catch (LabException e) {
      throw new DemoFailure(String.valueOf(e.getMessage()), e);
    }
  }

  void furtherReading() {
    narrator.chapter("Look further");
    narrator.verbatim(Shell.lookFurther(lab));
  }
}
