package dev.reeve.benchmarks;

import dev.reeve.cli.lab.LabException;
import java.util.List;
import java.util.function.Consumer;

/// Something that is measured.
interface Benchmark {

  /// As `benchmarks/run NAME` calls it.
  String name();

  /// What it measures, in a line.
  String about();

  /// @param progress told what is being done, for whoever waits
  List<Figure> measure(Consumer<String> progress) throws LabException;
}
