package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/// Where the embedded directory lives, what it holds at first and who may change it.
///
/// @param stateDirectory snapshot, journal and `admin.password`; made with mode 0700 when absent
/// @param baseDn the naming context of the administrator, for example `DC=corp,DC=example`
/// @param furtherBases naming contexts beside it, none below another
/// @param schema the `cn=schema` entry in RFC 4512 form; the standard schema is added to it
/// @param initialContent LDIF entries, in any order, loaded once when there is no store yet
/// @param listenAddress where LDAP is spoken
/// @param port the LDAP port; 0 takes any free one
/// @param tls empty = none is spoken, and nobody logs in from another machine
/// @param administrators entries that may write, beside the built-in `cn=admin,<base>`
/// @param maxRequestBytes a longer request ends its connection
/// @param rotateAfterBytes a journal at least this long, and longer than the snapshot, is folded
///   into a new snapshot
public record EmbeddedDirectoryConfig(
    Path stateDirectory,
    String baseDn,
    List<String> furtherBases,
    Source schema,
    Optional<Source> initialContent,
    InetAddress listenAddress,
    int port,
    Optional<Tls> tls,
    Set<String> administrators,
    int maxRequestBytes,
    long rotateAfterBytes) {

  /// Opens a stream that its reader closes.
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  /// StartTLS on the LDAP port, and another port with TLS from the first byte on.
  ///
  /// @param context with the directory's certificate
  /// @param ldaps where LDAPS is spoken; empty = nowhere
  public record Tls(SSLContext context, Optional<InetSocketAddress> ldaps) {}

  public EmbeddedDirectoryConfig {
    administrators = Set.copyOf(administrators);
    furtherBases = List.copyOf(furtherBases);
    checkDn("baseDn", baseDn);
    furtherBases.forEach(dn -> checkDn("furtherBases", dn));
    administrators.forEach(dn -> checkDn("administrators", dn));
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: %d is not in 0..65535".formatted(port));
    }
    if (maxRequestBytes < 1024) {
      throw new IllegalArgumentException(
          "maxRequestBytes: %d is less than 1024".formatted(maxRequestBytes));
    }
    if (rotateAfterBytes < 1) {
      throw new IllegalArgumentException(
          "rotateAfterBytes: %d is not positive".formatted(rotateAfterBytes));
    }
  }

  /// On loopback, any free port, empty at first, only the built-in administrator, requests of up to
  /// 8 MiB, a journal of up to 16 MiB.
  public static EmbeddedDirectoryConfig of(Path stateDirectory, String baseDn, Source schema) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        List.of(),
        schema,
        Optional.empty(),
        InetAddress.getLoopbackAddress(),
        0,
        Optional.empty(),
        Set.of(),
        8 << 20,
        16 << 20);
  }

  public EmbeddedDirectoryConfig withFurtherBases(List<String> dns) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        dns,
        schema,
        initialContent,
        listenAddress,
        port,
        tls,
        administrators,
        maxRequestBytes,
        rotateAfterBytes);
  }

  public EmbeddedDirectoryConfig withInitialContent(Source ldif) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        furtherBases,
        schema,
        Optional.of(ldif),
        listenAddress,
        port,
        tls,
        administrators,
        maxRequestBytes,
        rotateAfterBytes);
  }

  public EmbeddedDirectoryConfig withListener(InetAddress address, int ldapPort) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        furtherBases,
        schema,
        initialContent,
        address,
        ldapPort,
        tls,
        administrators,
        maxRequestBytes,
        rotateAfterBytes);
  }

  public EmbeddedDirectoryConfig withTls(Tls server) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        furtherBases,
        schema,
        initialContent,
        listenAddress,
        port,
        Optional.of(server),
        administrators,
        maxRequestBytes,
        rotateAfterBytes);
  }

  public EmbeddedDirectoryConfig withAdministrators(Set<String> dns) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        furtherBases,
        schema,
        initialContent,
        listenAddress,
        port,
        tls,
        dns,
        maxRequestBytes,
        rotateAfterBytes);
  }

  public EmbeddedDirectoryConfig withLimits(int requestBytes, long journalBytes) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        furtherBases,
        schema,
        initialContent,
        listenAddress,
        port,
        tls,
        administrators,
        requestBytes,
        journalBytes);
  }

  private static void checkDn(String property, String text) {
    try {
      if (new DN(text).isNullDN()) throw new IllegalArgumentException(property + " is empty");
    } catch (LDAPException e) {
      throw new IllegalArgumentException(
          "%s: '%s' is not a DN: %s".formatted(property, text, e.getMessage()), e);
    }
  }
}
