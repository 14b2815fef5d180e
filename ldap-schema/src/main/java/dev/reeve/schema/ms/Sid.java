package dev.reeve.schema.ms;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Security identifiers (MS-DTYP 2.4.2): bytes in, `S-1-5-21-…` out.
public final class Sid {

  private static final int MAX_SUB_AUTHORITIES = 15;

  private Sid() {}

  /// The value of an objectSid attribute: binary, or the text form as some tools store it.
  ///
  /// @throws MalformedDataException when it is neither
  public static String parse(byte[] data) {
    var text = new String(data, StandardCharsets.ISO_8859_1);
    if (text.matches("S-1-[0-9]{1,15}(-[0-9]{1,10}){0,15}")) return text;
    var in = Bytes.of(data);
    String sid = read(in);
    if (in.remaining() != 0) {
      throw new MalformedDataException(in.at(), in.remaining() + " more bytes", "the SID's end");
    }
    return sid;
  }

  static String read(Bytes in) {
    int start = in.at();
    int revision = in.u8("SID revision");
    int count = in.u8("number of sub-authorities");
    if (revision != 1 || count > MAX_SUB_AUTHORITIES) {
      throw new MalformedDataException(
          start,
          "SID revision " + revision + " with " + count + " sub-authorities",
          "revision 1 with at most " + MAX_SUB_AUTHORITIES);
    }
    long authority = 0;
    for (byte b : in.take(6, "SID authority")) authority = authority << 8 | b & 0xff;
    var text = new StringBuilder("S-1-").append(authority);
    for (int i = 0; i < count; i++) text.append('-').append(in.u32("sub-authority"));
    return text.toString();
  }

  /// The SID of another account of the same domain: `withLast("S-1-5-21-1-2-3-1104", 515)`.
  public static String withLast(String sid, long last) {
    String[] parts = sid.split("-", -1);
    parts[parts.length - 1] = Long.toString(last);
    return String.join("-", Arrays.asList(parts));
  }
}
