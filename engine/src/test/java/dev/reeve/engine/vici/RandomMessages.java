package dev.reeve.engine.vici;

import dev.reeve.engine.vici.ViciFrame.CommandRequest;
import dev.reeve.engine.vici.ViciFrame.CommandResponse;
import dev.reeve.engine.vici.ViciFrame.CommandUnknown;
import dev.reeve.engine.vici.ViciFrame.Event;
import dev.reeve.engine.vici.ViciFrame.EventConfirm;
import dev.reeve.engine.vici.ViciFrame.EventRegister;
import dev.reeve.engine.vici.ViciFrame.EventUnknown;
import dev.reeve.engine.vici.ViciFrame.EventUnregister;
import java.util.ArrayList;
import java.util.Random;

/// Frames of every kind, the edges of every limit included.
final class RandomMessages {

  private final Random random;

  RandomMessages(long seed) {
    this.random = new Random(seed);
  }

  ViciFrame frame() {
    return switch (random.nextInt(8)) {
      case 0 -> new CommandRequest(name(), message(0));
      case 1 -> new CommandResponse(message(0));
      case 2 -> new CommandUnknown();
      case 3 -> new EventRegister(name());
      case 4 -> new EventUnregister(name());
      case 5 -> new EventConfirm();
      case 6 -> new EventUnknown();
      default -> new Event(name(), message(0));
    };
  }

  private ViciMessage message(int depth) {
    return ViciMessage.of(m -> {
      for (int i = random.nextInt(5); i > 0; i--) {
        switch (random.nextInt(depth < ViciCodec.MAX_DEPTH ? 4 : 3)) {
          case 0 -> m.put(name(), value());
          case 1 -> m.put(name(), random.nextLong());
          case 2 -> {
            var items = new ArrayList<byte[]>();
            for (int n = random.nextInt(4); n > 0; n--) items.add(value());
            m.bytes(name(), items);
          }
          default -> m.section(name(), message(depth + 1));
        }
      }
    });
  }

  private String name() {
    int length =
        random.nextInt(20) == 0 ? ViciCodec.MAX_NAME - random.nextInt(2) : 1 + random.nextInt(12);
    return random
        .ints(length, 0x20, 0x7f)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private byte[] value() {
    int length =
        random.nextInt(60) == 0 ? ViciCodec.MAX_VALUE - random.nextInt(2) : random.nextInt(40);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
