package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.schema.ipsec.IpsecGuids;
import dev.reeve.schema.ipsec.IpsecObject.ActionPart;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;

/// `ipsecNegotiationPolicy`: a filter action. What it does is an attribute, its offers are bytes.
///
/// Two places where real objects and the specification disagree, and real objects win: ESP
/// algorithm 1 is DES (2 is read as DES too, 0 as none), and a PFS word of 1 means PFS.
///
/// An offer without algorithms is Microsoft's way to allow unsecured communication with peers that
/// do not answer. Its slots may look filled: they are left-overs.
final class MsAction {

  static final String TYPE = "{80DC20B9-2EC8-11D1-A89E-00A0248D3021}";
  static final int OFFER_SIZE = 80;
  static final int SLOTS = 3;
  static final int SLOT_SIZE = 20;
  static final int AH = 1;
  static final int ESP = 2;

  static final String OFFER_OPTIONS = "offer options";
  static final String ALGORITHM_HINTS = "algorithm hints";
  static final String UNUSED_SLOTS = "unused slots";
  static final String FALLBACK_SLOTS = "slots of an empty offer";

  private final Bytes in;
  private final ArrayList<QuickModeOffer> offers = new ArrayList<>();
  private boolean fallbackToClear;

  private MsAction(Bytes in) {
    this.in = in;
  }

  static ActionPart read(Bytes in, String action, String type, String name) {
    return new MsAction(in).read(action, type, name);
  }

  /// Reads the bytes alone, whatever the attributes say.
  static void skim(Bytes in) {
    new MsAction(in).offers();
  }

  private void offers() {
    long unused = MsIpsecData.header(in, TYPE, "a filter action");
    int count = in.count(OFFER_SIZE, "offers");
    for (int i = 0; i < count; i++) offer();
    MsIpsecData.end(in);
  }

  private ActionPart read(String action, String type, String name) {
    offers();
    FilterAction read =
        switch (action.strip().toUpperCase(Locale.ROOT)) {
          case IpsecGuids.ACTION_BLOCK -> new FilterAction.Block(name);
          case IpsecGuids.ACTION_PERMIT -> new FilterAction.Permit(name);
          case IpsecGuids.ACTION_NEGOTIATE -> negotiate(name, false);
          case IpsecGuids.ACTION_PASS_THROUGH -> negotiate(name, true);
          default ->
              throw new MalformedDataException(
                  0, "action '" + action + "'", "block, permit, negotiate or pass-through GUID");
        };
    boolean defaultResponse =
        switch (type.strip().toUpperCase(Locale.ROOT)) {
          case IpsecGuids.TYPE_STANDARD -> false;
          case IpsecGuids.TYPE_DEFAULT_RESPONSE -> true;
          default ->
              throw new MalformedDataException(
                  0, "type '" + type + "'", "standard or default-response GUID");
        };
    return new ActionPart(read, defaultResponse);
  }

  private FilterAction negotiate(String name, boolean passThrough) {
    return Bytes.checked(
        20, () -> new FilterAction.Negotiate(name, offers, passThrough, fallbackToClear));
  }

  private void offer() {
    int start = in.at();
    long seconds = in.u32("offer lifetime");
    long kilobytes = in.u32("offer kilobytes");
    in.skip(4, OFFER_OPTIONS);
    boolean pfs = in.u32("quick-mode PFS") != 0;
    int atCount = in.at();
    long algorithms = in.u32("number of algorithms");
    if (algorithms > SLOTS) {
      throw new MalformedDataException(atCount, algorithms + " algorithms", "at most " + SLOTS);
    }
    Bytes slots = in.slice(SLOTS * SLOT_SIZE, "algorithms");
    if (algorithms == 0) {
      fallbackToClear = true;
      slots.skip(SLOTS * SLOT_SIZE, FALLBACK_SLOTS);
      return;
    }
    Optional<Esp> esp = Optional.empty();
    Optional<Integrity> ah = Optional.empty();
    for (int i = 0; i < algorithms; i++) {
      Bytes slot = slots.slice(SLOT_SIZE, "algorithm");
      int at = slot.at();
      long algorithm = slot.u32("algorithm");
      long integrity = slot.u32("ESP integrity");
      long kind = slot.u32("AH or ESP");
      if (kind == ESP && esp.isEmpty()) {
        esp =
            Optional.of(
                Bytes.checked(
                    at, () -> new Esp(cipher(at, algorithm), espIntegrity(at, integrity))));
      } else if (kind == AH && ah.isEmpty()) {
        ah = Optional.of(ahIntegrity(at, algorithm));
      } else {
        throw new MalformedDataException(at, "kind " + kind, "AH (1) or ESP (2), each once");
      }
      slot.skip(8, ALGORITHM_HINTS);
    }
    slots.skip(slots.remaining(), UNUSED_SLOTS);
    offers.add(
        new QuickModeOffer(
            esp,
            ah,
            MsIpsecData.duration(seconds, QuickModeOffer.DEFAULT_LIFETIME),
            kilobytes == 0 ? QuickModeOffer.DEFAULT_KILOBYTES : kilobytes,
            pfs
                ? PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP
                : PerfectForwardSecrecy.None.NONE));
    if (in.at() != start + OFFER_SIZE) throw new IllegalStateException("offer of another size");
  }

  private static Encryption cipher(int at, long number) {
    return switch ((int) number) {
      case 0 -> Encryption.NULL;
      case 1, 2 -> Encryption.DES;
      case 3 -> Encryption.DES3;
      default -> throw new MalformedDataException(at, "ESP algorithm " + number, "0..3");
    };
  }

  private static Integrity espIntegrity(int at, long number) {
    return number == 0 ? Integrity.NONE : ahIntegrity(at, number);
  }

  private static Integrity ahIntegrity(int at, long number) {
    return switch ((int) number) {
      case 1 -> Integrity.MD5;
      case 2 -> Integrity.SHA1;
      default -> throw new MalformedDataException(at, "integrity algorithm " + number, "1 or 2");
    };
  }
}
