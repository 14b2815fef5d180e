package dev.reeve.schema.fuzz;

import static dev.reeve.schema.fuzz.FuzzTarget.must;

import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.SecurityFilter.Ace;
import dev.reeve.schema.ms.MalformedDataException;
import dev.reeve.schema.ms.MsGuid;
import dev.reeve.schema.ms.SecurityDescriptor;
import dev.reeve.schema.ms.Sid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// nTSecurityDescriptor, beside a second reader that shares nothing with the first; objectSid and
/// objectGUID.
final class SecurityDescriptorTarget {

  private SecurityDescriptorTarget() {}

  static void check(byte[] data) {
    Optional<SecurityFilter> filter = read(SecurityDescriptor::filter, data);
    filter.ifPresent(f -> {
      SecurityFilter other = naive(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
      must(f.equals(other), () -> "read as " + f + ", or as " + other);
    });
    read(Sid::parse, data).ifPresent(SecurityDescriptorTarget::checkSid);
    read(MsGuid::parse, data);
  }

  private static void checkSid(String sid) {
    must(Sid.parse(sid.getBytes(StandardCharsets.UTF_8)).equals(sid), () -> "text of SID " + sid);
  }

  /// From the tables of MS-DTYP 2.4.4 to 2.4.6, for descriptors that are whole.
  private static SecurityFilter naive(ByteBuffer in) {
    boolean daclPresent = (in.getShort(2) & 4) != 0;
    int at = in.getInt(16);
    if (!daclPresent || at == 0) return SecurityFilter.Everyone.EVERYONE;
    int aces = Short.toUnsignedInt(in.getShort(at + 4));
    at += 8;
    var read = new ArrayList<Ace>();
    var apply = new ArrayList<Ace>();
    for (int i = 0; i < aces; i++) {
      int type = in.get(at);
      boolean allow = List.of(0, 5).contains(type);
      boolean deny = List.of(1, 6, 0xa, 0xc).contains(type);
      boolean object = List.of(5, 6, 0xc).contains(type);
      boolean inheritOnly = (in.get(at + 1) & 8) != 0;
      if ((allow || deny) && !inheritOnly) {
        int mask = in.getInt(at + 4);
        boolean whole = true;
        boolean right = true;
        int sid = at + 8;
        if (object) {
          int flags = in.getInt(at + 8);
          sid = at + 12;
          if ((flags & 1) != 0) {
            whole = false;
            right = hex(in, sid, 16).equals("8ffdacedb3ffd111b41d00a0c968f939");
            sid += 16;
          }
          if ((flags & 2) != 0) sid += 16;
        }
        boolean all = (mask & 0x10000000) != 0;
        var ace = new Ace(allow, sid(in, sid));
        if (whole && (all || mask < 0 || (mask & 0x10) != 0)) read.add(ace);
        if (right && (all || (mask & 0x100) != 0)) apply.add(ace);
      }
      at += Short.toUnsignedInt(in.getShort(at + 2));
    }
    return new SecurityFilter.AccessList(read, apply);
  }

  private static String sid(ByteBuffer in, int at) {
    var text = new StringBuilder("S-1-").append(Long.parseLong(hex(in, at + 2, 6), 16));
    for (int i = 0; i < in.get(at + 1); i++)
      text.append('-').append(Integer.toUnsignedString(in.getInt(at + 8 + 4 * i)));
    return text.toString();
  }

  private static String hex(ByteBuffer in, int at, int size) {
    return HexFormat.of().formatHex(in.array(), at, at + size);
  }

  private static <T> Optional<T> read(Function<byte[], T> read, byte[] data) {
    try {
      return Optional.of(read.apply(data));
    } catch (MalformedDataException e) {
      must(String.valueOf(e.getMessage()).startsWith("at offset "), () -> "place in " + e);
      return Optional.empty();
    }
  }
}
