package dev.reeve.engine.host;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostView;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Directory servers that this host's own clients are told to ask: `ldap.conf(5)`, `nslcd.conf(5)`
/// and `sssd-ldap(5)`. Files that the agent may not read say nothing.
final class DirectoryFiles {

  private static final int LDAP = 389;
  private static final int LDAPS = 636;

  private DirectoryFiles() {}

  /// @param host a name or an address
  record Server(String host, int port) {

    Optional<IpAddress> address() {
      return IpAddress.find(host);
    }

    HostView.Endpoint at(IpAddress address) {
      return new HostView.Endpoint(address, port);
    }
  }

  /// @param lines of a file by its path
  static List<Server> servers(Function<String, List<String>> lines) {
    return Stream.of(
            "etc/ldap/ldap.conf", "etc/openldap/ldap.conf", "etc/nslcd.conf", "etc/sssd/sssd.conf")
        .flatMap(path -> lines.apply(path).stream())
        .flatMap(line -> uris(line.strip()).stream())
        .flatMap(uri -> server(uri).stream())
        .distinct()
        .toList();
  }

  private static List<String> uris(String line) {
    String[] words = line.split("[\\s=,]+");
    var uris = new ArrayList<String>();
    boolean named =
        words.length > 1
            && List.of("uri", "ldap_uri", "ldap_backup_uri")
                .contains(words[0].toLowerCase(Locale.ROOT));
    if (named) uris.addAll(List.of(words).subList(1, words.length));
    return uris;
  }

  private static Optional<Server> server(String text) {
    try {
      var uri = new URI(text);
      if (uri.getScheme() == null || uri.getHost() == null) return Optional.empty();
      int usual =
          switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "ldap" -> LDAP;
            case "ldaps" -> LDAPS;
            default -> 0;
          };
      if (usual == 0) return Optional.empty();
      int port = uri.getPort() < 0 ? usual : uri.getPort();
      if (!HostView.Endpoint.isPort(port)) return Optional.empty();
      return Optional.of(new Server(uri.getHost().replaceAll("[\\[\\]]", ""), port));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
