package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.SealedSecret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// What a real object says or holds that has no place in the model.
public final class MsLeftovers {

  private static final int METHODS = 80;
  private static final int METHOD_SIZE = 64;

  private MsLeftovers() {}

  /// How many bytes that nobody knows are not zero. Ids count as known.
  public static int unknownBytes(byte[] data) {
    Unknown unknown = Unknown.keeping();
    try {
      var in = Bytes.of(data, unknown);
      switch (in.from(0, "type").guid("type")) {
        case MsMainMode.TYPE -> {
          var unused = MsMainMode.read(in);
        }
        case MsRule.TYPE -> {
          var unused = MsRule.read(in, MsLeftovers::forget);
        }
        case MsAction.TYPE -> MsAction.skim(in);
        case MsFilters.TYPE -> {
          var unused = MsFilters.read(in);
        }
        default -> {}
      }
    } catch (MalformedDataException e) {
      return data.length;
    }
    return unknown.nonZero(MsMainMode.INSTANCE, MsFilters.FILTER_GUID, MsFiltersV2.FILTER_GUID);
  }

  private static SealedSecret forget(byte[] secret) {
    Arrays.fill(secret, (byte) 0);
    return SealedSecret.ofBytes(new byte[] {0});
  }

  /// What the limits of a main mode say beyond one lifetime and one number of quick modes.
  ///
  /// @throws MalformedDataException when it is no main mode
  public static List<String> limits(byte[] mainMode) {
    var unused = MsMainMode.read(Bytes.of(mainMode));
    var found = new ArrayList<String>();
    var seconds = new TreeSet<Long>();
    var quickModes = new TreeSet<Long>();
    var kilobytes = new TreeSet<Long>();
    quickModes.add(u32(mainMode, 52));
    seconds.add(u32(mainMode, 56));
    long methods = u32(mainMode, METHODS);
    for (int i = 0; i < methods; i++) {
      int at = METHODS + 4 + i * METHOD_SIZE;
      quickModes.add(u32(mainMode, at + 48));
      kilobytes.add(u32(mainMode, at + 52));
      seconds.add(u32(mainMode, at + 56));
    }
    seconds.remove(0L);
    kilobytes.remove(0L);
    quickModes.remove(0L);
    if (seconds.size() > 1)
      found.add("lifetimes of " + seconds + " s: the shortest counts for all");
    if (quickModes.size() > 1) {
      found.add("limits of " + quickModes + " quick modes: the lowest counts for all");
    }
    if (!kilobytes.isEmpty()) {
      found.add("lifetimes of " + kilobytes + " KB: IKEv2 counts no bytes of main mode");
    }
    return found;
  }

  private static long u32(byte[] data, int at) {
    return data[at] & 0xffL
        | (data[at + 1] & 0xffL) << 8
        | (data[at + 2] & 0xffL) << 16
        | (data[at + 3] & 0xffL) << 24;
  }
}
