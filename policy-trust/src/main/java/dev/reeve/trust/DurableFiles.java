package dev.reeve.trust;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;

/// Files that are whole or absent whenever the power goes: temporary file, fsync, rename, fsync of
/// the directory. When a method returns, its effect is on the disk.
///
/// One writer per file.
public final class DurableFiles {

  /// Who may read.
  public enum Access {
    /// 0600, and 0700 for a directory: keys, caches.
    PRIVATE("rw-------", "rwx------"),
    /// 0644, and 0755 for a directory: certificates.
    PUBLIC("rw-r--r--", "rwxr-xr-x");

    private final Set<PosixFilePermission> file;
    private final Set<PosixFilePermission> directory;

    Access(String file, String directory) {
      this.file = PosixFilePermissions.fromString(file);
      this.directory = PosixFilePermissions.fromString(directory);
    }
  }

  private DurableFiles() {}

  public static void write(Path file, byte[] content, Access access) throws IOException {
    write(file, content, access, Optional.empty());
  }

  /// @param owner who it belongs to from the first moment that it can be seen; empty for the writer
  public static void write(Path file, byte[] content, Access access, Optional<UserPrincipal> owner)
      throws IOException {
    Path temporary = temporary(file);
    Files.deleteIfExists(temporary); // of a writer that was killed
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(Access.PRIVATE.file))) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) channel.write(bytes);
      permit(temporary, access.file); // whatever the umask says
      if (owner.isPresent()) setOwner(temporary, owner.get());
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(file);
  }

  /// Of the entry itself: whoever may write into its directory may have put a link there by now.
  public static void setOwner(Path entry, UserPrincipal owner) throws IOException {
    attributes(entry).setOwner(owner);
  }

  private static void permit(Path entry, Set<PosixFilePermission> permissions) throws IOException {
    attributes(entry).setPermissions(permissions);
  }

  private static PosixFileAttributeView attributes(Path entry) {
    return Files.getFileAttributeView(
        entry, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static Path temporary(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".new");
  }

  /// @throws IOException also when the file is larger than `most`
  public static byte[] read(Path file, int most) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(most);
      if (in.read() >= 0) throw new IOException(file + ": larger than " + most + " bytes");
      return content;
    }
  }

  public static void deleteIfExists(Path file) throws IOException {
    if (Files.deleteIfExists(file)) syncDirectory(file);
  }

  /// The directory and what is missing above it; `access` holds for the directory itself, and not
  /// for one that a link leads to.
  public static void createDirectory(Path directory, Access access) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null && !Files.isDirectory(parent)) createDirectory(parent, Access.PUBLIC);
      try {
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(access.directory));
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory)) throw e; // else somebody was faster
      }
      syncDirectory(directory);
    }
    if (!Files.isSymbolicLink(directory)) permit(directory, access.directory);
  }

  private static void syncDirectory(Path entry) throws IOException {
    Path parent = entry.toAbsolutePath().getParent();
    if (parent == null) return;
    try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
