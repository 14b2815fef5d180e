package dev.reeve.server.directory.embedded;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Files that are whole or absent after a crash, readable by their owner only.
final class DurableFiles {
  private DurableFiles() {}

  static final String TEMPORARY = ".tmp";

  @FunctionalInterface
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /// Temporary file, sync, rename, sync of the directory.
  static void write(Path file, Body body) throws IOException {
    rename(writeTemporary(file, body), file);
  }

  /// The first half of `write`; nothing shows under the final name yet.
  static Path writeTemporary(Path file, Body body) throws IOException {
    var temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var out = new FileOutputStream(temporary.toFile())) {
      body.writeTo(out);
      out.getFD().sync();
    }
    return temporary;
  }

  static void rename(Path temporary, Path file) throws IOException {
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(parent(file));
  }

  static void syncDirectory(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static void makeDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) return;
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    syncDirectory(parent(directory));
  }

  private static Path parent(Path file) {
    var parent = file.toAbsolutePath().getParent();
    if (parent == null) throw new IllegalArgumentException(file + " has no parent directory");
    return parent;
  }
}
