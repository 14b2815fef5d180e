package dev.reeve.model.bundle;

/// Counts what was signed for one host within one epoch; it only rises.
///
/// @param epoch random, new at every enrolment: 32 lower-case hex digits
/// @param number 1 is the first; 0 is "none yet"
public record BundleVersion(String epoch, long number) {
  public BundleVersion {
    if (!epoch.matches("[0-9a-f]{32}"))
      throw new IllegalArgumentException("'" + epoch + "' is no epoch: 32 lower-case hex digits");
    if (number < 0)
      throw new IllegalArgumentException("bundle version " + number + ", expected 0 or more");
  }

  public BundleVersion next() {
    return new BundleVersion(epoch, number + 1);
  }

  /// @throws IllegalArgumentException naming the text
  public static BundleVersion parse(String text) {
    int slash = text.indexOf('/');
    String digits = text.substring(slash + 1);
    if (slash < 0
        || !digits.matches("[0-9]{1,19}")
        || Long.compareUnsigned(Long.parseUnsignedLong(digits), Long.MAX_VALUE) > 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is no bundle version; expected EPOCH/NUMBER");
    }
    return new BundleVersion(text.substring(0, slash), Long.parseLong(digits));
  }

  @Override
  public String toString() {
    return epoch + "/" + number;
  }
}
