package dev.reeve.scenarios;

import dev.reeve.cli.lab.HostSpec;
import dev.reeve.scenarios.verbs.Step;
import dev.reeve.scenarios.verbs.StepException;
import dev.reeve.scenarios.verbs.Verbs;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The text of a `steps.txt`: a line `hosts: NAME...`, a line `nat: NAME...` for those of them that
/// are behind a NAT, a line `needs: esp` when it needs a kernel that can protect packets or `needs:
/// no-esp` when it needs one that cannot, a line `takes: long` when others should not wait for it
/// at the end, then steps numbered 1, 2, 3, …; blank lines and lines that start with `#` are for
/// people.
///
/// @param hosts those that take part
record Script(List<HostSpec> hosts, Needs needs, boolean takesLong, List<Line> steps) {

  private static final Pattern STEP = Pattern.compile("([0-9]+)\\s+(\\S.*)");
  private static final String HOSTS = "hosts:";
  private static final String NAT = "nat:";
  private static final String NEEDS = "needs:";
  private static final String TAKES = "takes:";

  /// What of the kernel.
  enum Needs {
    NOTHING,
    ESP,
    NO_ESP
  }

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
    List<HostSpec> hosts = List.of();
    Needs needs = Needs.NOTHING;
    boolean takesLong = false;
    var steps = new ArrayList<Line>();
    int lineNumber = 0;
    for (String raw : text.split("\\R")) {
      lineNumber++;
      String line = raw.strip();
      String at = file + ":" + lineNumber + ": ";
      if (line.isEmpty() || line.startsWith("#")) continue;
      if (line.startsWith(HOSTS)) {
        hosts = hosts(at, line.substring(HOSTS.length()));
      } else if (line.startsWith(NAT)) {
        hosts = behindNat(at, hosts, hosts(at, line.substring(NAT.length())));
      } else if (line.startsWith(NEEDS)) {
        needs = needs(at, line.substring(NEEDS.length()).strip());
      } else if (line.startsWith(TAKES)) {
        expect(at, line.substring(TAKES.length()).strip(), "long");
        takesLong = true;
      } else {
        steps.add(step(at, line, steps.size() + 1));
      }
    }
    if (hosts.isEmpty()) throw new ScriptException(file + ": a line 'hosts: NAME...' is missing");
    if (steps.isEmpty()) throw new ScriptException(file + ": there are no steps");
    return new Script(hosts, needs, takesLong, steps);
  }

  private static Needs needs(String at, String found) throws ScriptException {
    return switch (found) {
      case "esp" -> Needs.ESP;
      case "no-esp" -> Needs.NO_ESP;
      default -> throw new ScriptException(at + "found '" + found + "', expected esp or no-esp");
    };
  }

  private static void expect(String at, String found, String expected) throws ScriptException {
    if (found.equals(expected)) return;
    throw new ScriptException(at + "found '" + found + "', expected " + expected);
  }

  private static List<HostSpec> hosts(String at, String text) throws ScriptException {
    List<String> names = List.of(text.strip().split("\\s+"));
    List<HostSpec> all =
        Stream.of(HostSpec.SAMPLE, HostSpec.MORE, HostSpec.OUTSIDE).flatMap(List::stream).toList();
    List<String> known = all.stream().map(HostSpec::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ScriptException(
            at + "found host '" + name + "', expected one of " + String.join(", ", known));
      }
    }
    return all.stream().filter(host -> names.contains(host.name())).toList();
  }

  private static List<HostSpec> behindNat(String at, List<HostSpec> hosts, List<HostSpec> some)
      throws ScriptException {
    if (!hosts.containsAll(some)) {
      throw new ScriptException(at + "behind the NAT are hosts that take part, named before");
    }
    return hosts.stream().map(host -> some.contains(host) ? host.movedBehindNat() : host).toList();
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
