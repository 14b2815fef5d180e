package dev.reeve.server.wiring;

import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.ldap.LdapConfig;
import dev.reeve.server.revocation.CrlSource;
import dev.reeve.server.withdrawal.BrakeRule;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// How a server is started. Every option has a default that works on one machine.
///
/// @param state everything the server keeps: directory, database, keys; 0700
/// @param baseDn the domain
/// @param external the directory in use; empty = the embedded one
/// @param further domains read beside it
/// @param sample load the sample domain when the directory is empty
/// @param ldif load this file when the directory is empty
/// @param ldap where the embedded directory speaks LDAP; loopback unless told otherwise
/// @param ldaps where it speaks LDAPS; empty = nowhere
/// @param agents where hosts poll
/// @param admin where people ask, over HTTPS
/// @param names what hosts and people call this server; the first is in join strings, all are in
///   its certificate
/// @param crls of other CAs, which hosts get with their policy
/// @param brake which withdrawals wait for an administrator
public record ServerOptions(
    Path state,
    Dn baseDn,
    Optional<LdapConfig> external,
    List<FurtherDomain> further,
    boolean sample,
    Optional<Path> ldif,
    InetSocketAddress ldap,
    Optional<InetSocketAddress> ldaps,
    InetSocketAddress agents,
    InetSocketAddress admin,
    List<String> names,
    List<CrlSource> crls,
    BrakeRule brake) {

  /// A host takes a list of limited size.
  private static final int MOST_CRLS = 32;

  public ServerOptions {
    names = List.copyOf(names);
    crls = List.copyOf(crls);
    if (crls.size() > MOST_CRLS)
      throw new IllegalArgumentException("--crl: " + crls.size() + ", at most " + MOST_CRLS);
    further = List.copyOf(further);
    if (sample && ldif.isPresent())
      throw new IllegalArgumentException("--sample and --ldif: give one of them");
    if (names.isEmpty()) throw new IllegalArgumentException("--name: at least one is needed");
  }

  /// Reads `--option value` pairs.
  ///
  /// @param hostName what this machine is called, unless `--name` says otherwise
  /// @throws IllegalArgumentException naming the option
  public static ServerOptions parse(List<String> arguments, String hostName) {
    Path state = Path.of("/var/lib/reeve/server");
    Dn baseDn = Dn.parse("DC=corp,DC=example");
    var directory = new DirectoryOptions();
    boolean sample = false;
    Optional<Path> ldif = Optional.empty();
    Optional<InetSocketAddress> ldap = Optional.empty();
    Optional<InetSocketAddress> ldaps = Optional.empty();
    InetSocketAddress agents = address("--agents", "0.0.0.0:7443");
    InetSocketAddress admin = address("--admin", "127.0.0.1:7444");
    BrakeRule brake = BrakeRule.DEFAULT;
    var names = new ArrayList<String>();
    var crls = new ArrayList<CrlSource>();
    for (Iterator<String> left = arguments.iterator(); left.hasNext(); ) {
      String option = left.next();
      switch (option) {
        case "--sample" -> sample = true;
        case "--state" -> state = Path.of(value(option, left));
        case "--ldif" -> ldif = Optional.of(Path.of(value(option, left)));
        case "--base-dn" -> baseDn = dn(option, value(option, left));
        case "--ldap" -> ldap = Optional.of(address(option, value(option, left)));
        case "--ldaps" -> ldaps = Optional.of(address(option, value(option, left)));
        case "--agents" -> agents = address(option, value(option, left));
        case "--admin" -> admin = address(option, value(option, left));
        case "--crl" -> crls.add(crl(option, value(option, left)));
        case "--name" -> names.add(value(option, left));
        case "--withdrawal-share" -> brake = brake(option, value(option, left));
        default -> {
          if (!directory.take(option, () -> value(option, left)))
            throw new IllegalArgumentException(option + ": no such option");
        }
      }
    }
    if (names.isEmpty()) names.addAll(List.of(hostName, "localhost", "127.0.0.1"));
    Optional<LdapConfig> external = directory.build(baseDn);
    boolean embedded = sample || ldif.isPresent() || ldap.isPresent() || ldaps.isPresent();
    if (external.isPresent() && embedded)
      throw new IllegalArgumentException(
          "--sample, --ldif, --ldap and --ldaps are for the embedded directory, --directory is for"
              + " another");
    return new ServerOptions(
        state.toAbsolutePath(),
        baseDn,
        external,
        directory.further(baseDn),
        sample,
        ldif,
        ldap.orElseGet(() -> address("--ldap", "127.0.0.1:3890")),
        ldaps,
        agents,
        admin,
        names.stream().distinct().toList(),
        crls,
        brake);
  }

  private static String value(String option, Iterator<String> left) {
    if (!left.hasNext()) throw new IllegalArgumentException(option + ": a value is missing");
    return left.next();
  }

  private static CrlSource crl(String option, String text) {
    try {
      return CrlSource.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  private static BrakeRule brake(String option, String text) {
    if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > 100)
      throw new IllegalArgumentException(
          option + ": found '" + text + "', expected a percentage from 0 to 100");
    return new BrakeRule(BrakeRule.DEFAULT.atLeast(), Integer.parseInt(text));
  }

  static Dn dn(String option, String text) {
    try {
      return Dn.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  private static InetSocketAddress address(String option, String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
    if (host.isEmpty()
        || !text.substring(colon + 1).matches("[0-9]{1,5}")
        || Integer.parseInt(text.substring(colon + 1)) > 65535) {
      throw new IllegalArgumentException(option + ": found '" + text + "', expected ADDRESS:PORT");
    }
    return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
  }
}
