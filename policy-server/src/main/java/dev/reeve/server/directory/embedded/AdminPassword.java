package dev.reeve.server.directory.embedded;

import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.UnusableInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The built-in administrator's password: made at the first start, kept in a file of mode 0600. Who
/// can read the file can read the directory beside it, so it is not hashed. To change it, delete
/// the file or write another line into it, and restart.
final class AdminPassword {
  private static final Logger LOG = LoggerFactory.getLogger("directory");
  static final String FILE = "admin.password";
  private static final int RANDOM_BYTES = 24;

  private final byte[] bytes;

  private AdminPassword(byte[] bytes) {
    this.bytes = bytes;
  }

  static AdminPassword open(Path stateDirectory, SecureRandom random)
      throws IOException, UnusableInput {
    var file = stateDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      var secret = new byte[RANDOM_BYTES];
      random.nextBytes(secret);
      // No line end: `ldapsearch -y` takes every byte of the file for the password.
      var password = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
      DurableFiles.write(file, out -> out.write(password.getBytes(StandardCharsets.US_ASCII)));
      LOG.atInfo().addKeyValue("file", file).log("made a new administrator password");
    }
    var ownerOnly = PosixFilePermissions.fromString("rw-------");
    if (!ownerOnly.containsAll(Files.getPosixFilePermissions(file))) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .log("the administrator password was readable by others; change it");
      Files.setPosixFilePermissions(file, ownerOnly);
    }
    var password = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (password.isEmpty()) {
      throw new UnusableInput(
          file + " is empty; delete it and a new password is made at the next start", null);
    }
    return new AdminPassword(password.getBytes(StandardCharsets.UTF_8));
  }

  boolean matches(byte[] given) {
    return MessageDigest.isEqual(bytes, given);
  }
}
