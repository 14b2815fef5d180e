package dev.reeve.schema.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What fuzzing found worth keeping, once more in every build. `build/fuzz` adds to it.
class CorpusTest {

  private static final Path CORPUS = Path.of("src/test/resources/fuzz");

  @ParameterizedTest
  @EnumSource
  void every_kept_input_is_answered(FuzzTarget target) throws IOException {
    List<Path> inputs = files(CORPUS.resolve(target.label()));
    assertThat(inputs).as("run build/fuzz " + target.label()).isNotEmpty();
    for (Path input : inputs) check(target, Files.readAllBytes(input), input.toString());
  }

  @ParameterizedTest
  @EnumSource
  void real_values_and_their_truncations_are_answered(FuzzTarget target) {
    assertThat(target.seeds()).isNotEmpty();
    for (byte[] seed : target.seeds()) {
      for (int size = 0; size <= seed.length; size += 1 + seed.length / 25)
        check(target, Arrays.copyOf(seed, size), size + " bytes of a seed");
      check(target, seed, "a seed");
    }
  }

  private static void check(FuzzTarget target, byte[] data, String what) {
    try {
      target.check(data);
    } catch (Throwable e) {
      throw new AssertionError(target.label() + ": " + what + ": " + e, e);
    }
  }

  @Test
  void no_folder_is_left_of_a_target_that_is_no_more() throws IOException {
    assertThat(files(CORPUS).stream().map(f -> f.getFileName().toString()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(FuzzTarget.values()).map(FuzzTarget::label).toList());
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) return List.of();
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
