package dev.reeve.model.spd;

import java.util.stream.Stream;

/// The printed form of an SPD, for golden files, reviews and `gpresult`.
final class SpdText {

  private SpdText() {}

  static String write(Spd spd) {
    var text = new StringBuilder();
    Stream.of(
            spd.exemptions().stream().map(exemption -> "exempt      " + exemption),
            spd.entries().stream().map(SpdText::line),
            spd.conflicts().stream().map(conflict -> "conflict    " + conflict),
            spd.unresolved().stream().map(filter -> "unresolved  " + filter))
        .flatMap(lines -> lines)
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static String line(SpdEntry entry) {
    return "%-11s %s  (%s%s)  %s"
        .formatted(
            entry.action(),
            entry.selector(),
            entry.weight(),
            entry.tunnel() ? ", tunnel" : "",
            entry.origin());
  }
}
