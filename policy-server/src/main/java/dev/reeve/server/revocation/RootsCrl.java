package dev.reeve.server.revocation;

import dev.reeve.trust.CheckedCrl;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The root's own, as it was when this server started.
///
/// @param directory where it is on the disk, for people
public record RootsCrl(Optional<CheckedCrl> crl, Path directory) implements OtherCrls {

  /// Whoever has the root's key in a safe needs time to get it.
  static final Duration IN_GOOD_TIME = Duration.ofDays(365);

  @Override
  public List<CheckedCrl> current() {
    return crl.stream().toList();
  }

  @Override
  public List<String> warnings(Instant now) {
    if (crl.isEmpty()) {
      return List.of(
          "strongCrlCheck 2 refuses every peer: there is no CRL of the root (%s). %s"
              .formatted(directory.resolve("root.crl"), advice()));
    }
    Instant until = crl.get().until();
    if (now.isBefore(until.minus(IN_GOOD_TIME))) return List.of();
    return List.of(
        "the CRL of the root (%s) %s %s; strongCrlCheck 2 refuses every peer without one. %s"
            .formatted(
                directory.resolve("root.crl"),
                now.isBefore(until) ? "ends" : "ended",
                until,
                advice()));
  }

  private String advice() {
    return "Bring root.key back to "
        + directory
        + ", start the server once, which makes a new one, and take the key away again";
  }
}
