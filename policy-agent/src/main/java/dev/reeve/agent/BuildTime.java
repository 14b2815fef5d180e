package dev.reeve.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/// When this program was made: no clock that is right says less.
final class BuildTime {

  private BuildTime() {}

  static Instant read() {
    try (InputStream in = BuildTime.class.getResourceAsStream("build-time.txt")) {
      if (in == null) return Instant.EPOCH;
      return Instant.parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
    } catch (IOException | DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
