package dev.reeve.model.net;

/// TCP or UDP ports from `first` to `last`, both included. Text form: `any`, `443` or `8000-8099`.
public record PortRange(int first, int last) {

  public static final PortRange ANY = new PortRange(0, 65535);

  public PortRange {
    if (first < 0 || last > 65535 || first > last) {
      throw new IllegalArgumentException(
          "ports " + first + "-" + last + ", expected 0..65535 in rising order");
    }
  }

  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /// @throws IllegalArgumentException naming the text
  public static PortRange parse(String text) {
    if (text.equals("any")) return ANY;
    int dash = text.indexOf('-');
    return dash < 0
        ? of(number(text, text))
        : new PortRange(
            number(text.substring(0, dash), text), number(text.substring(dash + 1), text));
  }

  private static int number(String digits, String text) {
    if (digits.isEmpty()
        || digits.length() > 5
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("'" + text + "' is no port, range of ports or 'any'");
    }
    return Integer.parseInt(digits);
  }

  public boolean isAny() {
    return equals(ANY);
  }

  public boolean contains(int port) {
    return first <= port && port <= last;
  }

  public boolean overlaps(PortRange other) {
    return first <= other.last && other.first <= last;
  }

  @Override
  public String toString() {
    return isAny() ? "any" : first == last ? Integer.toString(first) : first + "-" + last;
  }
}
