package dev.reeve.benchmarks;

import java.util.List;

/// Figures for people.
final class FigureTable {

  private FigureTable() {}

  static List<String> lines(Figure figure) {
    return List.of(
        "%-16s %s: %s %s"
            .formatted(
                figure.benchmark(), figure.figure(), Figure.number(figure.value()), figure.unit()),
        "%-16s against %s: %s %s, ratio %s"
            .formatted(
                "",
                figure.against(),
                Figure.number(figure.againstValue()),
                figure.unit(),
                Figure.number(figure.ratio())),
        "%-16s goal %s: %s".formatted("", figure.goal(), figure.met() ? "met" : "NOT MET"));
  }
}
