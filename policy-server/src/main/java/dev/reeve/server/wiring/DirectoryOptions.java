package dev.reeve.server.wiring;

import dev.reeve.model.gp.Dn;
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

/// The options of an external directory, collected.
final class DirectoryOptions {

  private static final Set<String> NAMES =
      Set.of(
          "--directory",
          "--bind-dn",
          "--password-file",
          "--principal",
          "--keytab",
          "--kdc",
          "--ca-file",
          "--server-name",
          "--feed",
          "--poll");

  private final Map<String, String> given = new HashMap<>();
  private boolean startTls;

  /// @return whether it is one of them
  boolean take(String option, Supplier<String> value) {
    if (option.equals("--starttls")) return startTls = true;
    if (!NAMES.contains(option)) return false;
    if (given.put(option, value.get()) != null)
      throw new IllegalArgumentException(option + ": given twice");
    return true;
  }

  /// @throws IllegalArgumentException naming the option
  Optional<LdapConfig> build(Dn baseDn) {
    Optional<String> urls = find("--directory");
    if (urls.isEmpty()) {
      String stray =
          startTls ? "--starttls" : given.keySet().stream().sorted().findFirst().orElse("");
      if (stray.isEmpty()) return Optional.empty();
      throw new IllegalArgumentException(stray + ": needs --directory URL");
    }
    List<LdapAddress> addresses = addresses(urls.get());
    try {
      return Optional.of(
          new LdapConfig(
              addresses,
              baseDn,
              credentials(),
              find("--ca-file").map(Path::of),
              find("--server-name"),
              startTls,
              feed(),
              timing()));
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

  private Credentials credentials() {
    if (find("--principal").isPresent()) {
      if (find("--bind-dn").isPresent() || find("--password-file").isPresent())
        throw new IllegalArgumentException("--principal: goes with --keytab, not with a password");
      try {
        return new Credentials.Kerberos(
            needed("--principal"), Path.of(needed("--keytab")), find("--kdc"));
      } catch (IllegalArgumentException e) {
        String text = String.valueOf(e.getMessage());
        throw text.startsWith("--") ? e : new IllegalArgumentException("--principal: " + text, e);
      }
    }
    return new Credentials.Password(needed("--bind-dn"), Path.of(needed("--password-file")));
  }

  private Optional<FeedKind> feed() {
    String text = find("--feed").orElse("auto");
    if (text.equals("auto")) return Optional.empty();
    return Optional.of(
        Arrays.stream(FeedKind.values())
            .filter(kind -> kind.toString().equals(text))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "--feed: found '" + text + "', expected auto, sync, usn or poll")));
  }

  private LdapConfig.Timing timing() {
    var defaults = LdapConfig.Timing.DEFAULTS;
    Optional<String> poll = find("--poll");
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

  private Optional<String> find(String option) {
    return Optional.ofNullable(given.get(option));
  }

  private String needed(String option) {
    return find(option)
        .orElseThrow(() -> new IllegalArgumentException(option + ": needed with --directory"));
  }
}
