package dev.reeve.engine.xfrm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.net.PortRange;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortBlockTest {

  @ParameterizedTest
  @CsvSource({
    "80, 80",
    "0-1, 0-1",
    "8000-8003, 8000-8003",
    "1-6, 1 2-3 4-5 6",
    "1024-65535, 1024-2047 2048-4095 4096-8191 8192-16383 16384-32767 32768-65535",
    "1000-1064, 1000-1007 1008-1023 1024-1055 1056-1063 1064",
  })
  void a_range_is_the_fewest_blocks(String range, String blocks) {
    assertThat(PortBlock.of(PortRange.parse(range)))
        .extracting(PortBlock::toString)
        .containsExactly(blocks.split(" "));
  }

  @Test
  void the_blocks_of_any_range_hold_its_ports_and_no_other() {
    var random = new Random(7);
    for (int i = 0; i < 300; i++) {
      int first = random.nextInt(65536);
      var range = new PortRange(first, first + random.nextInt(65536 - first));
      if (range.isAny()) continue;
      var blocks = PortBlock.of(range);
      var held =
          blocks.stream()
              .flatMapToInt(block -> IntStream.rangeClosed(block.first(), block.last()))
              .boxed()
              .collect(Collectors.toSet());
      assertThat(held).hasSize(range.last() - range.first() + 1).allMatch(range::contains);
      assertThat(blocks).hasSizeLessThanOrEqualTo(30);
    }
  }
}
