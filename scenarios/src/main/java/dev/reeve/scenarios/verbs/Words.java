package dev.reeve.scenarios.verbs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words of one step, taken from left to right. `"…"` holds several words together.
final class Words {

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern HOST = Pattern.compile("[a-z][a-z0-9-]{0,12}");

  private final List<String> words;
  private int at;

  private Words(List<String> words) {
    this.words = words;
  }

  static Words of(String text) throws StepException {
    var found = new ArrayList<String>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      String word = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      if (matcher.group(1) == null && word.indexOf('"') >= 0)
        throw new StepException("a quotation mark is not closed at " + word);
      found.add(word);
    }
    return new Words(List.copyOf(found));
  }

  boolean atEnd() {
    return at == words.size();
  }

  String next(String wanted) throws StepException {
    if (atEnd()) throw new StepException("it ends where " + wanted + " is expected");
    return words.get(at++);
  }

  void literal(String word) throws StepException {
    String found = next("'" + word + "'");
    if (!found.equals(word)) throw unexpected(found, "'" + word + "'");
  }

  /// Takes the word if it comes next.
  boolean maybe(String word) {
    if (atEnd() || !words.get(at).equals(word)) return false;
    at++;
    return true;
  }

  String oneOf(String... choices) throws StepException {
    String wanted = "one of " + String.join(", ", choices);
    String found = next(wanted);
    if (!List.of(choices).contains(found)) throw unexpected(found, wanted);
    return found;
  }

  String host() throws StepException {
    String found = next("a host");
    if (!HOST.matcher(found).matches()) throw unexpected(found, "a host");
    return found;
  }

  int number(String what, int least, int most) throws StepException {
    String found = next(what);
    int number = found.matches("[0-9]{1,7}") ? Integer.parseInt(found) : -1;
    if (number < least || number > most) throw unexpected(found, what + ", " + least + ".." + most);
    return number;
  }

  /// `NUMBER` or `SHORT/FULL`.
  Count count(String what) throws StepException {
    String found = next(what);
    if (!found.matches("[0-9]{1,6}(/[0-9]{1,6})?"))
      throw unexpected(found, what + " as NUMBER or SHORT/FULL");
    String[] parts = found.split("/");
    int few = Integer.parseInt(parts[0]);
    return new Count(few, parts.length == 1 ? few : Integer.parseInt(parts[1]));
  }

  /// `HOST:PORT`.
  Endpoint endpoint() throws StepException {
    String found = next("HOST:PORT");
    int colon = found.lastIndexOf(':');
    String port = found.substring(colon + 1);
    if (colon < 1
        || !HOST.matcher(found.substring(0, colon)).matches()
        || !port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) > 65535) throw unexpected(found, "HOST:PORT");
    return new Endpoint(found.substring(0, colon), Integer.parseInt(port));
  }

  /// `within N`, in seconds, when it comes next.
  Optional<Duration> maybeWithin() throws StepException {
    return maybe("within")
        ? Optional.of(Duration.ofSeconds(number("seconds", 1, 600)))
        : Optional.empty();
  }

  void end() throws StepException {
    if (!atEnd()) throw unexpected(words.get(at), "the end of the step");
  }

  private static StepException unexpected(String found, String wanted) {
    return new StepException("found '" + found + "', expected " + wanted);
  }

  /// @param few for every day
  /// @param full for `--full`
  record Count(int few, int full) {}

  record Endpoint(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
