package dev.reeve.cli.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Says that a lab's directory is in use: a lock on a file in it, which the kernel ends with the
/// process that holds it, however that ends. A process number would say less: it is used again, and
/// means something else in a container.
final class LabClaim implements AutoCloseable {

  private static final String FILE = "owner";

  /// Those of this process: to open the file a second time would, at its closing, end the lock.
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel lock;

  private LabClaim(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
    OWN.add(directory);
  }

  /// For a directory that was just made. The file gets its name when it is locked.
  static LabClaim take(Path directory) throws IOException {
    Path unnamed = directory.resolve(FILE + ".new");
    FileChannel channel =
        FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) throw new IOException(unnamed + " is locked by somebody else");
    Files.move(unnamed, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    return new LabClaim(directory, channel);
  }

  /// Of a directory whose process is gone; empty when it is in use, when nobody ever claimed it,
  /// and when another user made it or could write into it: names in `/tmp` are anybody's.
  static Optional<LabClaim> takeOver(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (OWN.contains(directory) || !isOwn(directory) || !isOwn(file)) return Optional.empty();
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      if (channel.tryLock() != null) return Optional.of(new LabClaim(directory, channel));
      channel.close();
    } catch (IOException | OverlappingFileLockException _) {
      // No such file, or taken by another thread just now.
    }
    return Optional.empty();
  }

  private static boolean isOwn(Path path) throws IOException {
    Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    return owner instanceof Number user
        && user.longValue() == Tools.userId()
        && !permissions.contains(PosixFilePermission.GROUP_WRITE)
        && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException _) {
      // It ends with this process.
    }
    OWN.remove(directory);
  }
}
