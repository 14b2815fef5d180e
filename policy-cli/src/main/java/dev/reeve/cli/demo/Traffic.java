package dev.reeve.cli.demo;

import dev.reeve.cli.lab.Await;
import dev.reeve.cli.lab.HostResult;
import dev.reeve.cli.lab.Lab;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.Reach;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// TCP connections between the hosts, and what the sample domain's policies make of them. Without
/// namespaces there are none, and the agents' own words have to do.
final class Traffic {

  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofMillis(1200);
  private static final Duration GLANCE = Duration.ofMillis(400);
  private static final Duration CUT_OFF = Duration.ofSeconds(4);
  private static final long PAUSE_NANOS = 200_000_000;
  private static final String CONTAINER = "container";
  private static final int HTTP = 80;
  private static final int TELNET = 23;
  private static final int EXTRA = 8000;
  private static final int HTTPS = 443;
  private static final int ADMINISTRATION = 8080;
  private static final int SQL = 5432;

  private final Lab lab;
  private final Narrator narrator;

  Traffic(Lab lab, Narrator narrator) {
    this.lab = lab;
    this.narrator = narrator;
  }

  /// Without this, a connection that fails later would prove nothing.
  void beforeAnyPolicy() throws DemoFailure {
    if (!lab.hasPackets()) return;
    narrator.step(
        "no policy yet: client-01 reaches every port tried later",
        () -> {
          LabHost web = lab.host("web-01");
          for (int port : new int[] {HTTP, TELNET, EXTRA}) web.listen(port);
          lab.host("db-01").listen(SQL);
          lab.host("web-01").publish(CONTAINER, HTTPS, HTTPS);
          lab.host("web-01").publish(CONTAINER, ADMINISTRATION, ADMINISTRATION);
          works("client-01", "web-01", HTTP, "web-01");
          works("client-01", "web-01", TELNET, "web-01");
          works("client-01", "web-01", EXTRA, "web-01");
          works("client-01", "web-01", HTTPS, CONTAINER);
          works("client-01", "web-01", ADMINISTRATION, CONTAINER);
          works("client-01", "db-01", SQL, "db-01");
          works("web-01", "db-01", SQL, "db-01");
        });
  }

  void underPolicy() throws DemoFailure {
    if (!lab.hasPackets()) return;
    narrator.step(
        "client-01 to web-01:80 works", () -> works("client-01", "web-01", HTTP, "web-01"));
    narrator.step(
        "client-01 to web-01:23 is blocked", () -> blocked("client-01", "web-01", TELNET));
    narrator.step("web-01 to db-01:5432 works", () -> works("web-01", "db-01", SQL, "db-01"));
    narrator.step("client-01 to db-01:5432 is blocked", () -> blocked("client-01", "db-01", SQL));
    narrator.step(
        "a container's port published as web-01:443 (DNAT) works",
        () -> works("client-01", "web-01", HTTPS, CONTAINER));
    narrator.step(
        "its port published as web-01:8080 is blocked, for db-01 it works",
        () -> {
          blocked("client-01", "web-01", ADMINISTRATION);
          works("db-01", "web-01", ADMINISTRATION, CONTAINER);
        });
  }

  void stillUnderPolicy(String what) throws DemoFailure {
    if (!lab.hasPackets()) {
      narrator.step(
          what,
          () -> {
            for (LabHost host : lab.hosts()) {
              if (host.find().flatMap(HostResult::policy).isEmpty()) {
                throw new LabException(host.name() + " has no policy");
              }
            }
          });
      return;
    }
    narrator.step(
        what + ": the same ports work, the same are blocked",
        () -> {
          works("client-01", "web-01", HTTP, "web-01");
          works("client-01", "web-01", HTTPS, CONTAINER);
          blocked("client-01", "web-01", TELNET);
          blocked("client-01", "web-01", ADMINISTRATION);
          blocked("client-01", "db-01", SQL);
          works("web-01", "db-01", SQL, "db-01");
        });
  }

  void awaitLocked(boolean locked, Duration limit) throws LabException {
    Await.until(
        "client-01 to web-01:8000 to " + (locked ? "fail" : "work"),
        limit,
        () -> {
          Reach reach = reach("client-01", "web-01", EXTRA, locked ? GLANCE : ANSWER);
          return locked ? reach instanceof Reach.TimedOut : reach.works();
        });
    works("client-01", "web-01", HTTP, "web-01");
  }

  /// For longer than the change takes to arrive when it can.
  void notYetLocked() throws LabException {
    long end = System.nanoTime() + CUT_OFF.toNanos();
    while (System.nanoTime() < end) {
      if (lab.hasPackets()) works("client-01", "web-01", EXTRA, "web-01");
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void works(String from, String to, int port, String by) throws LabException {
    Reach reach = reach(from, to, port, ANSWER);
    if (!reach.equals(new Reach.Open(by))) {
      throw new LabException(
          from
              + " to "
              + to
              + ":"
              + port
              + ": "
              + reach.toText()
              + ", expected an answer by "
              + by);
    }
  }

  private void blocked(String from, String to, int port) throws LabException {
    Reach reach = reach(from, to, port, SILENCE);
    if (!(reach instanceof Reach.TimedOut)) {
      throw new LabException(
          from + " to " + to + ":" + port + ": " + reach.toText() + ", expected no answer");
    }
  }

  private Reach reach(String from, String to, int port, Duration limit) throws LabException {
    return lab.host(from).connect(lab.host(to), port, limit);
  }
}
