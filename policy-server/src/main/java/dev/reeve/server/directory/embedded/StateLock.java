package dev.reeve.server.directory.embedded;

import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.StateUnavailable;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.StoreInUse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One process at a time per state directory: two journals of one generation would be none.
final class StateLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("directory");

  private final FileChannel channel;

  private StateLock(FileChannel channel) {
    this.channel = channel;
  }

  static StateLock take(Path directory) throws EmbeddedDirectoryException {
    try {
      DurableFiles.makeDirectory(directory);
      var channel =
          FileChannel.open(
              directory.resolve("lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (held(channel)) return new StateLock(channel);
      channel.close();
      throw new StoreInUse(directory);
    } catch (IOException e) {
      throw new StateUnavailable(directory, e);
    }
  }

  /// The lock ends with the channel, or with the process.
  private static boolean held(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("cannot release the state directory's lock");
    }
  }
}
