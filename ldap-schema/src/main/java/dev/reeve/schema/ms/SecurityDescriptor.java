package dev.reeve.schema.ms;

import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.SecurityFilter.AccessList;
import dev.reeve.model.gp.SecurityFilter.Ace;
import java.util.ArrayList;
import java.util.Optional;

/// nTSecurityDescriptor (MS-DTYP 2.4.6, self-relative), reduced to who may read a GPO and who may
/// apply it.
///
/// An entry of the DACL speaks of Apply-Group-Policy when its mask has the control-access bit and
/// it is for all extended rights or for that one (MS-ADTS 5.1.3.3.4); of Read when its mask has the
/// read-property bit and it is for the whole object, not for a property or a property set (MS-ADTS
/// 5.1.3.3.2). Generic rights are mapped when they are stored, and count here too. A conditional
/// allow never counts and a conditional deny always does: we cannot evaluate the condition.
public final class SecurityDescriptor {

  private static final String APPLY_GROUP_POLICY = "{EDACFD8F-FFB3-11D1-B41D-00A0C968F939}";
  private static final long READ = 0x10 | 0x8000_0000L | 0x1000_0000; // property, generic, all
  private static final long APPLY = 0x100 | 0x1000_0000; // control access, all
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
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < count; i++) entry(list).ifPresent(entries::add);
    return new AccessList(
        entries.stream().filter(Entry::speaksOfRead).map(Entry::ace).toList(),
        entries.stream().filter(Entry::speaksOfApply).map(Entry::ace).toList());
  }

  /// @param objectType the one right or property that it is for; empty when for the whole object
  private record Entry(long mask, Optional<String> objectType, Ace ace) {

    boolean speaksOfRead() {
      return (mask & READ) != 0 && objectType.isEmpty();
    }

    boolean speaksOfApply() {
      return (mask & APPLY) != 0 && objectType.filter(t -> !t.equals(APPLY_GROUP_POLICY)).isEmpty();
    }
  }

  private static Optional<Entry> entry(Bytes list) {
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
      case 0x00 -> Optional.of(plain(in, true));
      case 0x01, 0x0A -> Optional.of(plain(in, false));
      case 0x05 -> Optional.of(object(in, true));
      case 0x06, 0x0C -> Optional.of(object(in, false));
      default -> Optional.empty(); // conditional allows, audits and labels
    };
  }

  private static Entry plain(Bytes in, boolean allow) {
    long mask = in.u32("access mask");
    return new Entry(mask, Optional.empty(), new Ace(allow, Sid.read(in)));
  }

  private static Entry object(Bytes in, boolean allow) {
    long mask = in.u32("access mask");
    long present = in.u32("object flags");
    Optional<String> type =
        (present & OBJECT_TYPE_PRESENT) != 0
            ? Optional.of(in.guid("object type"))
            : Optional.empty();
    if ((present & INHERITED_OBJECT_TYPE_PRESENT) != 0) in.skip(16, "inherited object type");
    return new Entry(mask, type, new Ace(allow, Sid.read(in)));
  }
}
