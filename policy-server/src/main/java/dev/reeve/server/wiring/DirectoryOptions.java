package dev.reeve.server.wiring;

import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.Domains;
import dev.reeve.server.directory.ldap.Credentials;
import dev.reeve.server.directory.ldap.FeedKind;
import dev.reeve.server.directory.ldap.LdapAddress;
import dev.reeve.server.directory.ldap.LdapConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The options of external directories, collected: those of the first domain, then after each
/// `--also` those of another, which takes from the first what it does not say itself.
final class DirectoryOptions {

  private static final Set<String> LOGIN =
      Set.of("--bind-dn", "--password-file", "--principal", "--keytab", "--kdc");

  private static final Set<String> OF_THE_SERVER = Set.of("--server-name", "--feed");

  private static final Set<String> NAMES =
      Set.of("--directory", "--ca-file", "--poll", "--server-name", "--feed");

  /// What was given for one domain.
  private static final class Group {
    private final Map<String, String> given = new HashMap<>();
    private boolean startTls;

    private boolean has(Set<String> options) {
      return given.keySet().stream().anyMatch(options::contains);
    }

    /// This one's options, and the first's where it has none.
    private Group over(Group first) {
      var all = new Group();
      boolean sameServer = !given.containsKey("--directory");
      all.startTls = startTls || sameServer && first.startTls;
      first.given.forEach((option, value) -> {
        boolean inherited =
            LOGIN.contains(option) ? !has(LOGIN) : sameServer || !OF_THE_SERVER.contains(option);
        if (inherited) all.given.put(option, value);
      });
      all.given.putAll(given);
      return all;
    }

    private Optional<String> find(String option) {
      return Optional.ofNullable(given.get(option));
    }

    private String needed(String option) {
      return find(option)
          .orElseThrow(() -> new IllegalArgumentException(option + ": needed with --directory"));
    }
  }

  private final Group first = new Group();
  private final List<Dn> also = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();

  /// @return whether it is one of them
  boolean take(String option, Supplier<String> value) {
    Group group = groups.isEmpty() ? first : groups.getLast();
    if (option.equals("--starttls")) return group.startTls = true;
    if (option.equals("--also")) {
      also.add(ServerOptions.dn(option, value.get()));
      return groups.add(new Group());
    }
    if (!NAMES.contains(option) && !LOGIN.contains(option)) return false;
    if (group.given.put(option, value.get()) != null)
      throw new IllegalArgumentException(option + ": given twice");
    return true;
  }

  /// The first domain's; empty = the embedded directory.
  ///
  /// @throws IllegalArgumentException naming the option
  Optional<LdapConfig> build(Dn baseDn) {
    return build(first, baseDn);
  }

  /// @throws IllegalArgumentException naming the option
  List<FurtherDomain> further(Dn baseDn) {
    try {
      var unused = new Domains(baseDn, also);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--also: " + e.getMessage(), e);
    }
    var found = new ArrayList<FurtherDomain>();
    for (int i = 0; i < also.size(); i++)
      found.add(
          new FurtherDomain(
              also.get(i),
              build(groups.get(i).over(first), also.get(i)).map(LdapConfig::withoutSites)));
    return found;
  }

  private static Optional<LdapConfig> build(Group group, Dn baseDn) {
    Optional<String> urls = group.find("--directory");
    if (urls.isEmpty()) {
      String stray =
          group.startTls
              ? "--starttls"
              : group.given.keySet().stream().sorted().findFirst().orElse("");
      if (stray.isEmpty()) return Optional.empty();
      throw new IllegalArgumentException(stray + ": needs --directory URL");
    }
    List<LdapAddress> addresses = addresses(urls.get());
    try {
      return Optional.of(
          new LdapConfig(
              addresses,
              baseDn,
              credentials(group),
              group.find("--ca-file").map(Path::of),
              group.find("--server-name"),
              group.startTls,
              feed(group),
              timing(group)));
    } catch (IllegalArgumentException e) {
      String text = String.valueOf(e.getMessage());
      throw text.startsWith("--") ? e : new IllegalArgumentException("--directory: " + text, e);
    }
  }

  private static List<LdapAddress> addresses(String urls) {
    var addresses = new ArrayList<LdapAddress>();
    for (String url : urls.split(",", -1)) {
      try {
        addresses.add(LdapAddress.parse(url));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--directory: " + e.getMessage(), e);
      }
    }
    return addresses;
  }

  private static Credentials credentials(Group group) {
    if (group.find("--principal").isPresent()) {
      if (group.find("--bind-dn").isPresent() || group.find("--password-file").isPresent())
        throw new IllegalArgumentException("--principal: goes with --keytab, not with a password");
      try {
        return new Credentials.Kerberos(
            group.needed("--principal"), Path.of(group.needed("--keytab")), group.find("--kdc"));
      } catch (IllegalArgumentException e) {
        String text = String.valueOf(e.getMessage());
        throw text.startsWith("--") ? e : new IllegalArgumentException("--principal: " + text, e);
      }
    }
    return new Credentials.Password(
        group.needed("--bind-dn"), Path.of(group.needed("--password-file")));
  }

  private static Optional<FeedKind> feed(Group group) {
    String text = group.find("--feed").orElse("auto");
    if (text.equals("auto")) return Optional.empty();
    return Optional.of(
        Arrays.stream(FeedKind.values())
            .filter(kind -> kind.toString().equals(text))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "--feed: found '" + text + "', expected auto, sync, usn or poll")));
  }

  private static LdapConfig.Timing timing(Group group) {
    var defaults = LdapConfig.Timing.DEFAULTS;
    Optional<String> poll = group.find("--poll");
    if (poll.isEmpty()) return defaults;
    if (!poll.get().matches("[0-9]{1,6}") || Integer.parseInt(poll.get()) < 50)
      throw new IllegalArgumentException(
          "--poll: found '" + poll.get() + "', expected 50 or more milliseconds");
    return new LdapConfig.Timing(
        Duration.ofMillis(Integer.parseInt(poll.get())),
        defaults.compare(),
        defaults.patrol(),
        defaults.full(),
        defaults.answer());
  }
}
