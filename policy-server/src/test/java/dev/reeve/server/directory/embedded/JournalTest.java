package dev.reeve.server.directory.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.DamagedStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final List<String> RECORDS = List.of("first", "second record", "the third");

  @TempDir Path dir;
  private Path file = Path.of("");
  private byte[] whole = {};

  @BeforeEach
  void write_three_records() throws Exception {
    file = dir.resolve("journal");
    var empty = Journal.create(file, 7);
    try (var journal = Journal.append(file, empty, Journal::fileSink)) {
      for (var record : RECORDS) journal.append(record.getBytes(StandardCharsets.US_ASCII));
      assertThat(journal.size()).isEqualTo(Files.size(file));
    }
    whole = Files.readAllBytes(file);
  }

  @Test
  void records_come_back_in_order() throws Exception {
    assertThat(read(whole)).isEqualTo(RECORDS);
  }

  @Test
  void a_record_appended_later_continues_the_sequence() throws Exception {
    try (var journal = Journal.append(file, Journal.read(file, 7), Journal::fileSink)) {
      journal.append("fourth".getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(read(Files.readAllBytes(file))).endsWith("the third", "fourth").hasSize(4);
  }

  @Test
  void a_last_record_cut_at_any_byte_is_dropped_and_nothing_else() throws Exception {
    int last = startOf(2);
    for (int length = last; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));

      var contents = Journal.read(file, 7);

      assertThat(contents.payloads()).as("cut at %d", length).hasSize(2);
      assertThat(contents.goodBytes()).isEqualTo(last);
      assertThat(contents.torn()).hasSize(length - last);
    }
  }

  @Test
  void a_last_record_with_lost_sectors_is_dropped() throws Exception {
    int last = startOf(2);
    for (int from = last; from < whole.length; from++) {
      var bytes = whole.clone();
      Arrays.fill(bytes, from, bytes.length, (byte) 0);
      assertThat(read(bytes)).as("zero from %d", from).isEqualTo(RECORDS.subList(0, 2));
    }
  }

  @Test
  void any_byte_changed_before_the_last_record_is_an_error_that_names_file_and_offset()
      throws Exception {
    for (int i = 0; i < startOf(2); i++) {
      for (int flip : new int[] {0x01, 0x80, 0xFF}) {
        var bytes = whole.clone();
        bytes[i] ^= (byte) flip;
        Files.write(file, bytes);
        int wantedOffset = i < startOf(0) ? -1 : i < startOf(1) ? startOf(0) : startOf(1);

        assertThatThrownBy(() -> Journal.read(file, 7))
            .as("byte %d ^ %02x", i, flip)
            .isInstanceOfSatisfying(
                DamagedStore.class,
                e -> {
                  assertThat(e.file()).isEqualTo(file);
                  if (wantedOffset >= 0) assertThat(e.offset()).isEqualTo(wantedOffset);
                  assertThat(e).hasMessageContaining(file.toString());
                });
      }
    }
  }

  @Test
  void any_byte_changed_in_the_last_record_drops_only_that_record() throws Exception {
    for (int i = startOf(2); i < whole.length; i++) {
      var bytes = whole.clone();
      bytes[i] ^= 0x10;
      assertThat(read(bytes)).as("byte %d", i).isEqualTo(RECORDS.subList(0, 2));
    }
  }

  @Test
  void a_missing_record_in_the_middle_is_an_error() throws Exception {
    var bytes = new byte[whole.length - (startOf(2) - startOf(1))];
    System.arraycopy(whole, 0, bytes, 0, startOf(1));
    System.arraycopy(whole, startOf(2), bytes, startOf(1), whole.length - startOf(2));
    var twice = Arrays.copyOf(bytes, bytes.length + whole.length - startOf(2));
    System.arraycopy(whole, startOf(2), twice, bytes.length, whole.length - startOf(2));
    Files.write(file, twice);

    assertThatThrownBy(() -> Journal.read(file, 7))
        .isInstanceOf(DamagedStore.class)
        .hasMessageContaining("record 3, wanted 2");
  }

  @Test
  void a_cut_header_and_another_generation_are_errors() throws Exception {
    for (int length = 0; length < Journal.HEADER_BYTES; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Journal.read(file, 7)).isInstanceOf(DamagedStore.class);
    }
    Files.write(file, whole);
    assertThatThrownBy(() -> Journal.read(file, 8))
        .isInstanceOf(DamagedStore.class)
        .hasMessageContaining("generation 7, wanted 8");
  }

  private List<String> read(byte[] bytes) throws IOException, DamagedStore {
    Files.write(file, bytes);
    return Journal.read(file, 7).payloads().stream()
        .map(p -> new String(p, StandardCharsets.US_ASCII))
        .toList();
  }

  private static int startOf(int record) {
    int start = Journal.HEADER_BYTES;
    for (var before : RECORDS.subList(0, record)) start += Journal.FRAME_BYTES + before.length();
    return start;
  }
}
