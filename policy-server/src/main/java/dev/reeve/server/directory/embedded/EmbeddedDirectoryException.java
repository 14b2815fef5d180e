package dev.reeve.server.directory.embedded;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The embedded directory cannot open. The message says what to do about it.
public sealed class EmbeddedDirectoryException extends Exception {
  private static final long serialVersionUID = 1L;

  EmbeddedDirectoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// What was acknowledged cannot be read back. Nothing is repaired or thrown away by guess.
  public static final class DamagedStore extends EmbeddedDirectoryException {
    private static final long serialVersionUID = 1L;
    private final transient Path file;
    private final long offset;

    DamagedStore(Path file, long offset, String detail, @Nullable Throwable cause) {
      super(
          "%s is damaged at byte %d: %s; restore the state directory from a backup"
              .formatted(file, offset, detail),
          cause);
      this.file = file;
      this.offset = offset;
    }

    DamagedStore(Path file, long offset, String detail) {
      this(file, offset, detail, null);
    }

    public Path file() {
      return file;
    }

    public long offset() {
      return offset;
    }
  }

  /// Another process has the state directory open.
  public static final class StoreInUse extends EmbeddedDirectoryException {
    private static final long serialVersionUID = 1L;

    StoreInUse(Path directory) {
      super(
          "%s is in use by another server; stop it or choose another state directory"
              .formatted(directory),
          null);
    }
  }

  /// The listener cannot have its address and port; mostly because another program has them.
  public static final class AddressUnavailable extends EmbeddedDirectoryException {
    private static final long serialVersionUID = 1L;
    private final InetSocketAddress address;

    AddressUnavailable(InetAddress host, int port, Throwable cause) {
      super(
          "cannot listen for LDAP on address %s port %d: %s; stop the program that uses it or choose another port"
              .formatted(host.getHostAddress(), port, cause.getMessage()),
          cause);
      this.address = new InetSocketAddress(host, port);
    }

    public InetSocketAddress address() {
      return address;
    }
  }

  /// The schema, the first content or an entry of the store is not usable.
  public static final class UnusableInput extends EmbeddedDirectoryException {
    private static final long serialVersionUID = 1L;

    UnusableInput(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// The state directory cannot be read or written.
  public static final class StateUnavailable extends EmbeddedDirectoryException {
    private static final long serialVersionUID = 1L;

    StateUnavailable(Path directory, Throwable cause) {
      super("cannot use the state directory %s: %s".formatted(directory, cause), cause);
    }
  }
}
