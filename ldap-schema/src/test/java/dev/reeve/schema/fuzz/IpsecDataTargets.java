package dev.reeve.schema.fuzz;

import static dev.reeve.schema.fuzz.FuzzTarget.must;

import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.ipsec.IpsecGuids;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import dev.reeve.schema.ms.FilterForm;
import dev.reeve.schema.ms.MalformedDataException;
import dev.reeve.schema.ms.MsAlgorithms;
import dev.reeve.schema.ms.MsIpsecData;
import dev.reeve.schema.ms.MsIpsecWriter;
import dev.reeve.schema.ms.SecretOpener;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Microsoft's ipsecData. What decodes is written back byte for byte, and written anew it says the
/// same.
final class IpsecDataTargets {

  private static final String ID = "{72385235-70FA-11D1-864C-14A300000000}";
  private static final SecretSealer SEALER = SealedSecret::ofBytes;
  private static final SecretOpener OPENER = SealedSecret::toBytes;

  private IpsecDataTargets() {}

  static void policy(byte[] data) {
    roundTrip(data, MsIpsecData::policy, MsIpsecWriter::policy);
  }

  static void mainMode(byte[] data) {
    roundTrip(data, MsIpsecData::mainMode, (part, was) -> MsIpsecWriter.mainMode(part, ID, was));
  }

  static void rule(byte[] data) {
    Optional<IpsecObject> read = read(bytes -> MsIpsecData.rule(bytes.clone(), SEALER), data);
    if (read.isPresent() && read.get() instanceof RulePart part) {
      checkWritten(
          data,
          part,
          bytes -> (RulePart) MsIpsecData.rule(bytes, SEALER),
          (p, was) -> MsIpsecWriter.rule(p, OPENER, was));
    }
  }

  /// The first byte says what the attributes say, the object follows.
  static void action(byte[] data) {
    if (data.length == 0) return;
    String action =
        List.of(
                IpsecGuids.ACTION_BLOCK,
                IpsecGuids.ACTION_PERMIT,
                IpsecGuids.ACTION_NEGOTIATE,
                IpsecGuids.ACTION_PASS_THROUGH)
            .get(data[0] & 3);
    String type = IpsecGuids.typeOf((data[0] & 4) != 0);
    roundTrip(
        Arrays.copyOfRange(data, 1, data.length),
        bytes -> MsIpsecData.action(bytes, action, type, "name"),
        MsIpsecWriter::action);
  }

  static void filters(byte[] data) {
    Optional<FilterPart> read = read(MsIpsecData::filters, data);
    if (read.isEmpty()) return;
    FilterPart part = read.get();
    must(
        Arrays.equals(MsIpsecWriter.filters(part, ID, FilterForm.B, data), data),
        () -> "unchanged and written otherwise: " + part);
    if (part.tunnels().size() > 1) return; // one for all filters, that is what is written
    check(part, FilterForm.B);
    if (part.filters().stream().allMatch(MsAlgorithms::fitsFormA)) check(part, FilterForm.A);
  }

  private static void check(FilterPart part, FilterForm form) {
    byte[] anew = MsIpsecWriter.filters(part, ID, form, MsIpsecWriter.NEW);
    FilterPart again = MsIpsecData.filters(anew);
    must(sorted(again).equals(sorted(part)), () -> form + ": " + part + " written as " + again);
  }

  /// Filters have no order, and the newer shape stands behind the older.
  private static List<String> sorted(FilterPart part) {
    return part.filters().stream().map(Object::toString).sorted().toList();
  }

  private interface Write<T> {
    byte[] write(T part, byte[] was);
  }

  private static <T extends IpsecObject> void roundTrip(
      byte[] data, Function<byte[], T> read, Write<T> write) {
    read(read, data).ifPresent(part -> checkWritten(data, part, read, write));
  }

  private static <T extends IpsecObject> void checkWritten(
      byte[] data, T part, Function<byte[], T> read, Write<T> write) {
    must(
        Arrays.equals(write.write(part, data), data),
        () -> "unchanged and written otherwise: " + part);
    T again = read.apply(write.write(part, MsIpsecWriter.NEW));
    must(again.equals(part), () -> part + " written anew as " + again);
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
