package dev.reeve.scenarios;

import dev.reeve.cli.lab.HostSpec;
import dev.reeve.scenarios.verbs.Step;
import dev.reeve.scenarios.verbs.StepException;
import dev.reeve.scenarios.verbs.Verbs;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of a `steps.txt`: a line `hosts: NAME...`, then steps numbered 1, 2, 3, …; blank lines
/// and lines that start with `#` are for people.
///
/// @param hosts those of the sample domain that take part
record Script(List<String> hosts, List<Line> steps) {

  private static final Pattern STEP = Pattern.compile("([0-9]+)\\s+(\\S.*)");
  private static final String HOSTS = "hosts:";

  /// @param text the step without its number
  record Line(int number, String text, Step step) {
    @Override
    public String toString() {
      return "step " + number + " (" + text + ")";
    }
  }

  Script {
    hosts = List.copyOf(hosts);
    steps = List.copyOf(steps);
  }

  /// @param file for messages
  static Script parse(String file, String text) throws ScriptException {
    List<String> hosts = List.of();
    var steps = new ArrayList<Line>();
    int lineNumber = 0;
    for (String raw : text.split("\\R")) {
      lineNumber++;
      String line = raw.strip();
      String at = file + ":" + lineNumber + ": ";
      if (line.isEmpty() || line.startsWith("#")) continue;
      if (line.startsWith(HOSTS)) {
        hosts = hosts(at, line.substring(HOSTS.length()));
      } else {
        steps.add(step(at, line, steps.size() + 1));
      }
    }
    if (hosts.isEmpty()) throw new ScriptException(file + ": a line 'hosts: NAME...' is missing");
    if (steps.isEmpty()) throw new ScriptException(file + ": there are no steps");
    return new Script(hosts, steps);
  }

  private static List<String> hosts(String at, String text) throws ScriptException {
    List<String> names = List.of(text.strip().split("\\s+"));
    List<String> known = HostSpec.SAMPLE.stream().map(HostSpec::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ScriptException(
            at + "found host '" + name + "', expected one of " + String.join(", ", known));
      }
    }
    return names;
  }

  private static Line step(String at, String line, int expected) throws ScriptException {
    Matcher matcher = STEP.matcher(line);
    if (!matcher.matches()) throw new ScriptException(at + "a step starts with its number");
    if (!matcher.group(1).equals(Integer.toString(expected))) {
      throw new ScriptException(at + "found step " + matcher.group(1) + ", expected " + expected);
    }
    try {
      return new Line(expected, matcher.group(2), Verbs.parse(matcher.group(2)));
    } catch (StepException e) {
      throw new ScriptException(at + e.getMessage());
    }
  }
}
