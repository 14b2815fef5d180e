package dev.reeve.agent.config;

import dev.reeve.agent.http.Endpoint;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How one agent runs.
///
/// @param state identity, cache and stores
/// @param run where the control socket is
/// @param ike who negotiates
/// @param servers ask these instead of the ones that joining named; empty for those
/// @param machineId the file that tells this machine from a copy of it
/// @param certificates of other CAs, with their keys
/// @param longPoll how long a question may wait for news
/// @param drift how often the kernel is compared with what is wanted
/// @param report how often the host reports when nothing changes
public record AgentConfig(
    Path state,
    Path run,
    EngineChoice engine,
    IkeChoice ike,
    List<Endpoint> servers,
    Path machineId,
    Path certificates,
    Duration longPoll,
    Duration drift,
    Duration report) {

  public enum EngineChoice {
    /// The kernel's; fails where it cannot work.
    LINUX,
    /// Shows what it would do.
    DRY_RUN,
    /// The kernel's where it works, else the dry run, which every report then says.
    AUTO
  }

  public enum IkeChoice {
    /// A charon of our own is started when a policy negotiates, and strongSwan is there.
    OWN,
    /// Nothing is negotiated: what must be secured is dropped.
    NONE
  }

  public static final AgentConfig DEFAULTS =
      new AgentConfig(
          Path.of("/var/lib/reeve/agent"),
          Path.of("/run/reeve"),
          EngineChoice.AUTO,
          IkeChoice.OWN,
          List.of(),
          Path.of("/etc/machine-id"),
          Path.of("/etc/reeve/certificates"),
          Duration.ofSeconds(240),
          Duration.ofSeconds(60),
          Duration.ofMinutes(15));

  /// For `--help`.
  public static final String USAGE =
      """
      --state DIR            identity, cached policy, stores (/var/lib/reeve/agent)
      --run DIR              the control socket's directory (/run/reeve)
      --engine WHICH         linux, dry-run or auto (auto)
      --ike WHICH            own: start a charon of our own when a policy negotiates; none: drop
                             what must be secured (own)
      --server HOST:PORT     ask this server, not the ones joined; may be repeated
      --machine-id FILE      tells this machine from a copy (/etc/machine-id)
      --certificates DIR     NAME.pem (this host's, its issuer's and so on to the root) and NAME.key
                             of other CAs, for rules that ask for one (/etc/reeve/certificates)
      --long-poll-seconds N  how long a question may wait for news, 1..300 (240)
      --drift-seconds N      how often the kernel is checked, 5..3600 (60)
      --report-seconds N     how often to report at least, 10..86400 (900)
      """;

  public AgentConfig {
    servers = List.copyOf(servers);
  }

  /// @throws IllegalArgumentException naming the argument, what was found and what was expected
  public static AgentConfig parse(List<String> arguments) {
    AgentConfig config = DEFAULTS;
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (i + 1 == arguments.size() && USAGE.contains(name + " "))
        throw new IllegalArgumentException(name + ": a value is missing");
      config = config.with(name, i + 1 < arguments.size() ? arguments.get(i + 1) : "");
    }
    return config;
  }

  private AgentConfig with(String name, String value) {
    return switch (name) {
      case "--state" -> of(path(name, value), run, engine, ike, servers, machineId);
      case "--run" -> of(state, path(name, value), engine, ike, servers, machineId);
      case "--engine" -> of(state, run, choice(name, value), ike, servers, machineId);
      case "--ike" -> of(state, run, engine, ike(name, value), servers, machineId);
      case "--server" -> of(state, run, engine, ike, plus(name, value), machineId);
      case "--machine-id" -> of(state, run, engine, ike, servers, path(name, value));
      case "--certificates" -> certified(path(name, value));
      case "--long-poll-seconds" -> timed(seconds(name, value, 1, 300), drift, report);
      case "--drift-seconds" -> timed(longPoll, seconds(name, value, 5, 3600), report);
      case "--report-seconds" -> timed(longPoll, drift, seconds(name, value, 10, 86400));
      default -> throw new IllegalArgumentException(name + ": no such argument");
    };
  }

  private AgentConfig of(
      Path state,
      Path run,
      EngineChoice engine,
      IkeChoice ike,
      List<Endpoint> servers,
      Path machineId) {
    return new AgentConfig(
        state, run, engine, ike, servers, machineId, certificates, longPoll, drift, report);
  }

  private AgentConfig certified(Path certificates) {
    return new AgentConfig(
        state, run, engine, ike, servers, machineId, certificates, longPoll, drift, report);
  }

  private AgentConfig timed(Duration longPoll, Duration drift, Duration report) {
    return new AgentConfig(
        state, run, engine, ike, servers, machineId, certificates, longPoll, drift, report);
  }

  private static IkeChoice ike(String name, String value) {
    return switch (value) {
      case "own" -> IkeChoice.OWN;
      case "none" -> IkeChoice.NONE;
      default ->
          throw new IllegalArgumentException(
              name + ": found '" + value + "', expected own or none");
    };
  }

  private static Path path(String name, String value) {
    try {
      if (!value.isEmpty()) return Path.of(value).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(name + ": found nothing, expected a path");
  }

  private static EngineChoice choice(String name, String value) {
    for (EngineChoice choice : EngineChoice.values()) {
      if (choice.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(value)) return choice;
    }
    throw new IllegalArgumentException(
        name + ": found '" + value + "', expected linux, dry-run or auto");
  }

  private List<Endpoint> plus(String name, String value) {
    try {
      var more = new ArrayList<>(servers);
      more.add(Endpoint.parse(value));
      return more;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static Duration seconds(String name, String value, int least, int most) {
    int seconds = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : -1;
    if (seconds < least || seconds > most) {
      throw new IllegalArgumentException(
          name + ": found '" + value + "', expected " + least + ".." + most);
    }
    return Duration.ofSeconds(seconds);
  }
}
