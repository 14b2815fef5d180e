package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Where the embedded directory lives, what it holds at first and who may change it.
///
/// @param stateDirectory snapshot, journal and `admin.password`; made with mode 0700 when absent
/// @param baseDn the one naming context, for example `DC=corp,DC=example`
/// @param schema the `cn=schema` entry in RFC 4512 form; the standard schema is added to it
/// @param initialContent LDIF entries, in any order, loaded once when there is no store yet
/// @param listenAddress where LDAP is spoken
/// @param port the LDAP port; 0 takes any free one
/// @param administrators entries that may write, beside the built-in `cn=admin,<base>`
/// @param maxRequestBytes a longer request ends its connection
/// @param rotateAfterBytes a journal at least this long, and longer than the snapshot, is folded
///   into a new snapshot
public record EmbeddedDirectoryConfig(
    Path stateDirectory,
    String baseDn,
    Source schema,
    Optional<Source> initialContent,
    InetAddress listenAddress,
    int port,
    Set<String> administrators,
    int maxRequestBytes,
    long rotateAfterBytes) {

  /// Opens a stream that its reader closes.
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  public EmbeddedDirectoryConfig {
    administrators = Set.copyOf(administrators);
    checkDn("baseDn", baseDn);
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
        schema,
        Optional.empty(),
        InetAddress.getLoopbackAddress(),
        0,
        Set.of(),
        8 << 20,
        16 << 20);
  }

  public EmbeddedDirectoryConfig withInitialContent(Source ldif) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        schema,
        Optional.of(ldif),
        listenAddress,
        port,
        administrators,
        maxRequestBytes,
        rotateAfterBytes);
  }

  public EmbeddedDirectoryConfig withListener(InetAddress address, int ldapPort) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        schema,
        initialContent,
        address,
        ldapPort,
        administrators,
        maxRequestBytes,
        rotateAfterBytes);
  }

  public EmbeddedDirectoryConfig withAdministrators(Set<String> dns) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        schema,
        initialContent,
        listenAddress,
        port,
        dns,
        maxRequestBytes,
        rotateAfterBytes);
  }

  public EmbeddedDirectoryConfig withLimits(int requestBytes, long journalBytes) {
    return new EmbeddedDirectoryConfig(
        stateDirectory,
        baseDn,
        schema,
        initialContent,
        listenAddress,
        port,
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
