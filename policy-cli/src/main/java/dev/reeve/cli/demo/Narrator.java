package dev.reeve.cli.demo;

import dev.reeve.cli.lab.LabException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Tells the story: one line per step, its time at the right, 80 columns.
final class Narrator {

  private static final int WIDTH = 80;
  private static final int TIME = 9;
  private static final String INDENT = "    ";

  private final PrintStream out;
  private final boolean live;
  private final String good;
  private final String bad;

  /// @param live a person watches: show what is being waited for
  /// @param unicode the terminal can show ✓ and ✗
  Narrator(PrintStream out, boolean live, boolean unicode) {
    this.out = out;
    this.live = live;
    this.good = unicode ? "  ✓ " : " ok ";
    this.bad = unicode ? "  ✗ " : " NO ";
  }

  interface Work<T> {
    T run() throws LabException;
  }

  void title(String text) {
    out.println(text);
    out.flush();
  }

  void chapter(String text) {
    out.println();
    out.println(text);
    out.flush();
  }

  void say(String text) {
    for (String line : wrap(text, WIDTH - INDENT.length())) out.println(INDENT + line);
    out.flush();
  }

  /// As it is and from the first column: a here-document is copied with its spaces.
  void paste(String text) {
    text.lines().forEach(out::println);
    out.flush();
  }

  /// As it is, for commands and addresses.
  void verbatim(String text) {
    text.lines().forEach(line -> out.println(INDENT + line));
    out.flush();
  }

  /// One step.
  ///
  /// @param doing shown while it lasts and when it fails
  /// @param done what it showed
  <T> T step(String doing, Work<T> work, Function<T, String> done) throws DemoFailure {
    long start = System.nanoTime();
    return step(doing, work, done, _ -> System.nanoTime() - start);
  }

  /// @param nanos how long it took, when it began before this call
  <T> T step(String doing, Work<T> work, Function<T, String> done, ToLongFunction<T> nanos)
      throws DemoFailure {
    long start = System.nanoTime();
    if (live) {
      out.print(INDENT + doing + " ...");
      out.flush();
    }
    try {
      T result = work.run();
      line(good, done.apply(result), seconds(nanos.applyAsLong(result)));
      return result;
    } catch (LabException | RuntimeException e) {
      line(bad, doing, seconds(System.nanoTime() - start));
      String why = e instanceof LabException ? String.valueOf(e.getMessage()) : e.toString();
      say(why);
      throw new DemoFailure(why, e);
    }
  }

  /// A step whose result needs no words of its own.
  void step(String what, Check check) throws DemoFailure {
    step(
        what,
        () -> {
          check.run();
          return what;
        },
        text -> text);
  }

  interface Check {
    void run() throws LabException;
  }

  void left(String what) {
    line(bad, "left behind: " + what, "");
  }

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }

  private void line(String mark, String text, String time) {
    if (live) out.print("\r\033[K");
    List<String> lines = wrap(text, WIDTH - INDENT.length() - TIME);
    for (int i = 0; i < lines.size(); i++) {
      String start = (i == 0 ? mark : INDENT) + lines.get(i);
      boolean last = i == lines.size() - 1;
      if (last && !time.isEmpty()) {
        out.println(start + " ".repeat(Math.max(1, WIDTH - start.length() - time.length())) + time);
      } else {
        out.println(start);
      }
    }
    out.flush();
  }

  /// A word that is longer than a line stays whole.
  static List<String> wrap(String text, int width) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      if (!line.isEmpty()) line.append(' ');
      line.append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
