package dev.reeve.engine.vici;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.engine.vici.ViciException.Reason;
import dev.reeve.engine.vici.ViciFrame.CommandRequest;
import dev.reeve.engine.vici.ViciFrame.CommandResponse;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ViciCodecTest {

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  private static byte[] body(ViciFrame frame) throws ViciException {
    byte[] bytes = ViciCodec.encode(frame);
    return Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length);
  }

  /// The example of the protocol's own description.
  @Test
  void a_message_has_the_bytes_of_the_specification() throws ViciException {
    var message =
        ViciMessage.of(m ->
            m.put("key1", "value1")
                .section(
                    "section1",
                    s ->
                        s.section("sub-section", sub -> sub.put("key2", "value2"))
                            .list("list1", List.of("item1", "item2"))));

    String hex = HexFormat.of().formatHex(body(new CommandResponse(message)));

    assertThat(hex)
        .isEqualTo(
            "01" // the response
                + ("03" + "04" + ascii("key1") + "0006" + ascii("value1"))
                + ("01" + "08" + ascii("section1"))
                + ("01" + "0b" + ascii("sub-section"))
                + ("03" + "04" + ascii("key2") + "0006" + ascii("value2"))
                + "02"
                + ("04" + "05" + ascii("list1"))
                + ("05" + "0005" + ascii("item1"))
                + ("05" + "0005" + ascii("item2"))
                + "06"
                + "02");
  }

  private static String ascii(String text) {
    return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void what_was_written_is_read_back(long seed) throws ViciException {
    var random = new RandomMessages(seed);
    for (int i = 0; i < 200; i++) {
      ViciFrame frame = random.frame();
      byte[] bytes;
      try {
        bytes = body(frame);
      } catch (ViciException e) {
        assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE); // many large values in one
        continue;
      }
      assertThat(ViciCodec.decode(bytes)).isEqualTo(frame);
    }
  }

  /// A broken frame is read as some frame or refused with its own exception; nothing else escapes.
  @ParameterizedTest
  @MethodSource("seeds")
  void a_mutilated_frame_is_refused_or_read(long seed) throws ViciException {
    var random = new Random(seed);
    var messages = new RandomMessages(seed);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bytes;
      try {
        bytes = body(messages.frame());
      } catch (ViciException e) {
        continue;
      }
      for (int n = 1 + random.nextInt(3); n > 0; n--) bytes = mutilated(bytes, random);
      try {
        ViciFrame read = ViciCodec.decode(bytes);
        assertThat(body(read)).as("what is read has one form").isEqualTo(bytes);
      } catch (ViciException e) {
        assertThat(e.reason()).isIn(Reason.MALFORMED, Reason.TOO_LARGE);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static byte[] mutilated(byte[] bytes, Random random) {
    int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> { // one bit
        byte[] changed = bytes.clone();
        if (changed.length > 0) changed[at] ^= (byte) (1 << random.nextInt(8));
        return changed;
      }
      case 1 -> { // the end is missing
        return Arrays.copyOf(bytes, at);
      }
      case 2 -> { // more than there was
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
        for (int i = bytes.length; i < longer.length; i++) longer[i] = (byte) random.nextInt(8);
        return longer;
      }
      case 3 -> { // a length that promises too much
        byte[] changed = bytes.clone();
        for (int i = at; i < Math.min(at + 2, changed.length); i++) changed[i] = (byte) 0xff;
        return changed;
      }
      default -> { // a piece twice
        byte[] doubled = Arrays.copyOf(bytes, bytes.length * 2 - at);
        System.arraycopy(bytes, at, doubled, bytes.length, bytes.length - at);
        return doubled;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_frame_that_ends_early_is_never_taken_for_another_one(long seed) throws ViciException {
    var messages = new RandomMessages(seed);
    ViciFrame frame;
    byte[] bytes;
    do {
      frame = messages.frame();
      bytes = body(frame);
    } while (bytes.length > 4000);
    for (int end = 0; end < bytes.length; end++) {
      byte[] part = Arrays.copyOf(bytes, end);
      try {
        // A message may end between two elements; what is there is then read as it is.
        assertThat(body(ViciCodec.decode(part))).isEqualTo(part);
      } catch (ViciException e) {
        assertThat(e.reason()).isIn(Reason.MALFORMED, Reason.TOO_LARGE);
      }
    }
  }

  /// Each line: what is wrong, and the frame without its length.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          an unknown frame type            | 08
          bytes after an empty frame       | 0500
          a name beyond the end            | 00 ff 61
          an empty name                    | 00 00
          a name with a control character  | 00 01 07
          a value beyond the end           | 01 03 01 61 ffff 62
          a section that does not end      | 01 01 01 61
          an end without a beginning       | 01 02
          a list that does not end         | 01 04 01 61
          a key and value in a list        | 01 04 01 61 03 01 62 0000 06
          a section in a list              | 01 04 01 61 01 01 62 02 06
          an item outside of a list        | 01 05 0000
          an unknown element               | 01 07
          element type 0                   | 01 00
          """)
  void wrong_frames_are_refused(String what, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> ViciCodec.decode(bytes))
        .as(what)
        .isInstanceOfSatisfying(
            ViciException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
  }

  @Test
  void sections_nested_without_end_do_not_use_up_the_stack() {
    byte[] bytes = new byte[ViciCodec.MAX_FRAME];
    bytes[0] = 1;
    for (int i = 1; i + 2 < bytes.length; i += 3) {
      bytes[i] = 1;
      bytes[i + 1] = 1;
      bytes[i + 2] = 'a';
    }
    refused(Reason.TOO_LARGE, () -> ViciCodec.decode(bytes));
  }

  @Test
  void limits_hold_to_the_byte() throws ViciException {
    var name = "n".repeat(ViciCodec.MAX_NAME);
    body(new CommandRequest(name, ViciMessage.of(m -> m.put("k", new byte[0xffff]))));
    refused(
        Reason.TOO_LARGE,
        () -> ViciCodec.encode(new CommandRequest(name + "n", ViciMessage.EMPTY)));
    refused(
        Reason.TOO_LARGE,
        () ->
            ViciCodec.encode(
                new CommandResponse(ViciMessage.of(m -> m.put("k", new byte[0x10000])))));
    refused(Reason.MALFORMED, () -> ViciCodec.encode(new CommandRequest("", ViciMessage.EMPTY)));
    refused(Reason.MALFORMED, () -> ViciCodec.encode(new CommandRequest("ä", ViciMessage.EMPTY)));

    // type, then values of 4 bytes of framing each
    int rest = ViciCodec.MAX_FRAME - 1 - 8 * (4 + 1 + 0xfff0) - 5;
    var full =
        ViciMessage.of(m -> {
          for (int i = 0; i < 8; i++) m.put("k", new byte[0xfff0]);
          m.put("k", new byte[rest]);
        });
    assertThat(body(new CommandResponse(full))).hasSize(ViciCodec.MAX_FRAME);
    var above =
        ViciMessage.of(m -> {
          for (int i = 0; i < 8; i++) m.put("k", new byte[0xfff0]);
          m.put("k", new byte[rest + 1]);
        });
    refused(Reason.TOO_LARGE, () -> ViciCodec.encode(new CommandResponse(above)));
    assertThat(ViciCodec.checkedLength(ViciCodec.MAX_FRAME)).isEqualTo(ViciCodec.MAX_FRAME);
    refused(Reason.TOO_LARGE, () -> ViciCodec.checkedLength(ViciCodec.MAX_FRAME + 1));
    refused(Reason.TOO_LARGE, () -> ViciCodec.checkedLength(-1));
    refused(Reason.MALFORMED, () -> ViciCodec.checkedLength(0));
  }

  private static void refused(
      Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ViciException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void secrets_do_not_print() {
    var message = ViciMessage.of(m -> m.put("data", new byte[] {1, 2, 3}).put("id", "x"));
    assertThat(message).hasToString("{data=(3 bytes), id=x}");
  }
}
