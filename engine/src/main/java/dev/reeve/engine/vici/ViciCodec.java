package dev.reeve.engine.vici;

import dev.reeve.engine.vici.ViciElement.Bytes;
import dev.reeve.engine.vici.ViciElement.Section;
import dev.reeve.engine.vici.ViciElement.Value;
import dev.reeve.engine.vici.ViciElement.Values;
import dev.reeve.engine.vici.ViciException.Reason;
import dev.reeve.engine.vici.ViciFrame.CommandRequest;
import dev.reeve.engine.vici.ViciFrame.CommandResponse;
import dev.reeve.engine.vici.ViciFrame.CommandUnknown;
import dev.reeve.engine.vici.ViciFrame.Event;
import dev.reeve.engine.vici.ViciFrame.EventConfirm;
import dev.reeve.engine.vici.ViciFrame.EventRegister;
import dev.reeve.engine.vici.ViciFrame.EventUnknown;
import dev.reeve.engine.vici.ViciFrame.EventUnregister;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Frames as bytes.
///
/// ```
/// frame   = u32 length of the rest | u8 type | [u8 length | name] | message
/// element = 1 name | 2 | 3 name value | 4 name | 5 value | 6     section, its end, key and value, list, item, its end
/// name    = u8 length | bytes          value = u16 length | bytes
/// ```
final class ViciCodec {

  /// Of what follows a frame's length; charon discards more.
  static final int MAX_FRAME = 512 * 1024;

  static final int MAX_VALUE = 0xffff;
  static final int MAX_NAME = 0xff;

  /// Deeper than any message of charon; a hostile one must not use up the stack.
  static final int MAX_DEPTH = 32;

  private static final int COMMAND_REQUEST = 0;
  private static final int COMMAND_RESPONSE = 1;
  private static final int COMMAND_UNKNOWN = 2;
  private static final int EVENT_REGISTER = 3;
  private static final int EVENT_UNREGISTER = 4;
  private static final int EVENT_CONFIRM = 5;
  private static final int EVENT_UNKNOWN = 6;
  private static final int EVENT = 7;

  private static final int SECTION_START = 1;
  private static final int SECTION_END = 2;
  private static final int KEY_VALUE = 3;
  private static final int LIST_START = 4;
  private static final int LIST_ITEM = 5;
  private static final int LIST_END = 6;

  private ViciCodec() {}

  /// @return with its length in front
  static byte[] encode(ViciFrame frame) throws ViciException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[Integer.BYTES]);
    switch (frame) {
      case CommandRequest(var name, var message) -> {
        out.write(COMMAND_REQUEST);
        name(name, out);
        message(message, 0, out);
      }
      case CommandResponse(var message) -> {
        out.write(COMMAND_RESPONSE);
        message(message, 0, out);
      }
      case CommandUnknown() -> out.write(COMMAND_UNKNOWN);
      case EventRegister(var name) -> {
        out.write(EVENT_REGISTER);
        name(name, out);
      }
      case EventUnregister(var name) -> {
        out.write(EVENT_UNREGISTER);
        name(name, out);
      }
      case EventConfirm() -> out.write(EVENT_CONFIRM);
      case EventUnknown() -> out.write(EVENT_UNKNOWN);
      case Event(var name, var message) -> {
        out.write(EVENT);
        name(name, out);
        message(message, 0, out);
      }
    }
    byte[] bytes = out.toByteArray();
    int length = bytes.length - Integer.BYTES;
    if (length > MAX_FRAME) throw tooLarge("a message of " + length + " bytes", MAX_FRAME);
    ByteBuffer.wrap(bytes).putInt(length);
    return bytes;
  }

  private static void message(ViciMessage message, int depth, ByteArrayOutputStream out)
      throws ViciException {
    if (depth > MAX_DEPTH) throw tooLarge("sections within sections", MAX_DEPTH);
    for (ViciElement element : message.elements()) {
      switch (element) {
        case Value(var name, var bytes) -> {
          out.write(KEY_VALUE);
          name(name, out);
          value(name, bytes, out);
        }
        case Values(var name, var items) -> {
          out.write(LIST_START);
          name(name, out);
          for (Bytes item : items) {
            out.write(LIST_ITEM);
            value(name, item, out);
          }
          out.write(LIST_END);
        }
        case Section(var name, var content) -> {
          out.write(SECTION_START);
          if (name.isEmpty()) out.write(0);
          else name(name, out);
          message(content, depth + 1, out);
          out.write(SECTION_END);
        }
      }
    }
  }

  private static void name(String name, ByteArrayOutputStream out) throws ViciException {
    if (!name.chars().allMatch(c -> c >= 0x20 && c <= 0x7e) || name.isEmpty()) {
      throw new ViciException(Reason.MALFORMED, "the name '" + name + "' is not printable ASCII");
    }
    if (name.length() > MAX_NAME) {
      throw tooLarge("a name of " + name.length() + " bytes", MAX_NAME);
    }
    out.write(name.length());
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
  }

  private static void value(String name, Bytes value, ByteArrayOutputStream out)
      throws ViciException {
    if (value.length() > MAX_VALUE) {
      throw tooLarge("the value of '" + name + "' with " + value.length() + " bytes", MAX_VALUE);
    }
    out.write(value.length() >>> 8);
    out.write(value.length());
    out.writeBytes(value.shared());
  }

  private static ViciException tooLarge(String what, int limit) {
    return new ViciException(Reason.TOO_LARGE, what + " exceeds the limit of " + limit);
  }

  /// Checks a frame's length before anything is kept for it.
  static int checkedLength(int length) throws ViciException {
    if (length < 0 || length > MAX_FRAME) {
      throw tooLarge("a frame of " + Integer.toUnsignedString(length) + " bytes", MAX_FRAME);
    }
    if (length == 0) throw malformed("an empty frame");
    return length;
  }

  /// @param frame without its length
  static ViciFrame decode(byte[] frame) throws ViciException {
    checkedLength(frame.length);
    var in = ByteBuffer.wrap(frame);
    try {
      int type = u8(in);
      ViciFrame read =
          switch (type) {
            case COMMAND_REQUEST -> new CommandRequest(name(in), message(in));
            case COMMAND_RESPONSE -> new CommandResponse(message(in));
            case COMMAND_UNKNOWN -> new CommandUnknown();
            case EVENT_REGISTER -> new EventRegister(name(in));
            case EVENT_UNREGISTER -> new EventUnregister(name(in));
            case EVENT_CONFIRM -> new EventConfirm();
            case EVENT_UNKNOWN -> new EventUnknown();
            case EVENT -> new Event(name(in), message(in));
            default -> throw malformed("frame type " + type);
          };
      if (in.hasRemaining()) throw malformed(in.remaining() + " bytes after the end of a frame");
      return read;
    } catch (BufferUnderflowException e) {
      throw new ViciException(Reason.MALFORMED, "a frame ends in the middle of an element", e);
    }
  }

  private static ViciMessage message(ByteBuffer in) throws ViciException {
    return content(in, 0);
  }

  /// To the end of the section; at depth 0, of the frame.
  private static ViciMessage content(ByteBuffer in, int depth) throws ViciException {
    if (depth > MAX_DEPTH) throw tooLarge("sections within sections", MAX_DEPTH);
    var elements = new ArrayList<ViciElement>();
    while (depth > 0 || in.hasRemaining()) {
      int type = u8(in);
      switch (type) {
        case SECTION_START -> {
          String name = sectionName(in);
          elements.add(new Section(name, content(in, depth + 1)));
        }
        case SECTION_END -> {
          if (depth == 0) throw malformed("the end of a section that never began");
          return new ViciMessage(elements);
        }
        case KEY_VALUE -> elements.add(new Value(name(in), value(in)));
        case LIST_START -> elements.add(new Values(name(in), items(in)));
        default -> throw malformed("element type " + type);
      }
    }
    return new ViciMessage(elements);
  }

  private static List<Bytes> items(ByteBuffer in) throws ViciException {
    var items = new ArrayList<Bytes>();
    for (int type = u8(in); type != LIST_END; type = u8(in)) {
      if (type != LIST_ITEM) throw malformed("element type " + type + " in a list");
      items.add(value(in));
    }
    return items;
  }

  /// Charon calls the section of its global counters nothing at all.
  private static String sectionName(ByteBuffer in) throws ViciException {
    if (in.hasRemaining() && in.get(in.position()) == 0) {
      in.get();
      return "";
    }
    return name(in);
  }

  private static String name(ByteBuffer in) throws ViciException {
    byte[] bytes = bytes(in, u8(in));
    for (byte b : bytes) {
      if (b < 0x20 || b > 0x7e) throw malformed("a name that is not printable ASCII");
    }
    if (bytes.length == 0) throw malformed("an empty name");
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static Bytes value(ByteBuffer in) {
    return Bytes.of(bytes(in, Short.toUnsignedInt(in.getShort())));
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    if (length > in.remaining()) throw new BufferUnderflowException();
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static int u8(ByteBuffer in) {
    return Byte.toUnsignedInt(in.get());
  }

  private static ViciException malformed(String what) {
    return new ViciException(Reason.MALFORMED, what);
  }
}
