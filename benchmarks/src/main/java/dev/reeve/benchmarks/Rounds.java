package dev.reeve.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// Two things measured in turns, so that noise of the machine meets both.
final class Rounds {

  private final List<Double> values = new ArrayList<>();
  private final List<Double> others = new ArrayList<>();

  void add(double value, double other) {
    values.add(value);
    others.add(other);
  }

  double value() {
    return median(values);
  }

  double other() {
    return median(others);
  }

  /// The median of the ratios, round by round.
  double ratio() {
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < values.size(); i++) ratios.add(values.get(i) / others.get(i));
    return median(ratios);
  }

  static double median(List<Double> of) {
    List<Double> sorted = of.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /// @param share 0.99 = the 99th percentile (nearest rank)
  static double percentile(long[] nanos, double share) {
    long[] sorted = nanos.clone();
    java.util.Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }
}
