package dev.reeve.schema.ms;

import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.SecurityFilter.AccessList;
import dev.reeve.model.gp.SecurityFilter.Ace;
import java.util.ArrayList;
import java.util.Optional;

/// nTSecurityDescriptor (MS-DTYP 2.4.6, self-relative), reduced to who may apply a GPO.
///
/// An entry of the DACL counts when its mask has the control-access bit and it is for all extended
/// rights or for Apply-Group-Policy (MS-ADTS 5.1.3.3.4). A conditional allow never counts and a
/// conditional deny always does: we cannot evaluate the condition.
public final class SecurityDescriptor {

  private static final String APPLY_GROUP_POLICY = "{EDACFD8F-FFB3-11D1-B41D-00A0C968F939}";
  private static final int CONTROL_ACCESS = 0x100;
  private static final int DACL_PRESENT = 0x0004;
  private static final int SELF_RELATIVE = 0x8000;
  private static final int INHERIT_ONLY = 0x08;
  private static final int OBJECT_TYPE_PRESENT = 1;
  private static final int INHERITED_OBJECT_TYPE_PRESENT = 2;
  private static final int ACE_HEADER = 4;

  private SecurityDescriptor() {}

  /// @throws MalformedDataException when the bytes are no security descriptor
  public static SecurityFilter filter(byte[] data) {
    var in = Bytes.of(data);
    int revision = in.u8("revision");
    if (revision != 1) throw new MalformedDataException(0, "revision " + revision, "1");
    in.skip(1, "unused byte");
    int control = in.u16("control");
    if ((control & SELF_RELATIVE) == 0) {
      throw new MalformedDataException(2, "an absolute descriptor", "a self-relative one");
    }
    in.skip(12, "owner, group and SACL");
    long dacl = in.u32("DACL offset");
    if ((control & DACL_PRESENT) == 0 || dacl == 0) return SecurityFilter.Everyone.EVERYONE;
    return accessList(in.from(dacl, "DACL"));
  }

  private static AccessList accessList(Bytes in) {
    int start = in.at();
    in.skip(2, "ACL revision");
    int size = in.u16("ACL size");
    int count = in.u16("number of ACEs");
    in.skip(2, "unused bytes");
    if (size < 8)
      throw new MalformedDataException(start, "an ACL of " + size + " bytes", "8 or more");
    Bytes list = in.slice(size - 8, "ACL");
    if (count * 8L > list.remaining()) {
      throw new MalformedDataException(
          start + 4, count + " ACEs", "at most " + list.remaining() / 8 + " in the bytes left");
    }
    var entries = new ArrayList<Ace>();
    for (int i = 0; i < count; i++) ace(list).ifPresent(entries::add);
    return new AccessList(entries);
  }

  private static Optional<Ace> ace(Bytes list) {
    int start = list.at();
    int type = list.u8("ACE type");
    int flags = list.u8("ACE flags");
    int size = list.u16("ACE size");
    if (size < ACE_HEADER) {
      throw new MalformedDataException(start, "an ACE of " + size + " bytes", "4 or more");
    }
    Bytes in = list.slice(size - ACE_HEADER, "ACE");
    if ((flags & INHERIT_ONLY) != 0) return Optional.empty();
    return switch (type) {
      case 0x00 -> plain(in, true);
      case 0x01, 0x0A -> plain(in, false);
      case 0x05 -> object(in, true);
      case 0x06, 0x0C -> object(in, false);
      default -> Optional.empty(); // conditional allows, audits and labels
    };
  }

  private static Optional<Ace> plain(Bytes in, boolean allow) {
    boolean counts = (in.u32("access mask") & CONTROL_ACCESS) != 0;
    String trustee = Sid.read(in);
    return counts ? Optional.of(new Ace(allow, trustee)) : Optional.empty();
  }

  private static Optional<Ace> object(Bytes in, boolean allow) {
    boolean counts = (in.u32("access mask") & CONTROL_ACCESS) != 0;
    long present = in.u32("object flags");
    if ((present & OBJECT_TYPE_PRESENT) != 0)
      counts &= in.guid("object type").equals(APPLY_GROUP_POLICY);
    if ((present & INHERITED_OBJECT_TYPE_PRESENT) != 0) in.skip(16, "inherited object type");
    String trustee = Sid.read(in);
    return counts ? Optional.of(new Ace(allow, trustee)) : Optional.empty();
  }
}
