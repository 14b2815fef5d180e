package dev.reeve.model.ipsec;

import java.time.Duration;

/// Times of the model: whole seconds, at least one, and such that every text form and the kernel
/// can hold them.
final class Seconds {

  private Seconds() {}

  static void check(String what, Duration time) {
    boolean whole = time.getNano() == 0;
    if (!whole || time.getSeconds() < 1 || time.getSeconds() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          what + " " + time + ", expected whole seconds in 1.." + Integer.MAX_VALUE);
    }
  }
}
