package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;
import java.util.ArrayList;

/// `ipsecISAKMPPolicy`: how peers authenticate.
///
/// The model has one lifetime and one limit for the whole main mode, Microsoft's methods have their
/// own: the shortest and lowest of all counts. A lifetime in kilobytes has no place in IKEv2 and is
/// not carried over.
final class MsMainMode {

  static final String TYPE = "{80DC20B8-2EC8-11D1-A89E-00A0248D3021}";
  private static final int METHOD_SIZE = 64;
  static final int OPTION_ACCOUNT_MAPPING = 1;
  static final int OPTION_NO_CERTIFICATE_REQUEST = 2;
  private static final long NONE = Long.MAX_VALUE;

  static final String INSTANCE = "instance GUID";
  static final String RESERVED = "reserved word";
  static final String UNUSED = "unused bytes";
  static final String METHOD_VERSION = "method version";
  static final String ENCRYPTION_HINTS = "encryption hints";
  static final String HASH_HINTS = "hash hints";
  static final String METHOD_UNUSED = "unused bytes of the method";
  static final String METHOD_KILOBYTES = "kilobytes of the method";
  static final String METHOD_PFS = "PFS identity of the method";

  private final Bytes in;
  private final ArrayList<MainModeProposal> proposals = new ArrayList<>();
  private boolean perfectForwardSecrecy;
  private long quickModes = NONE;
  private long seconds = NONE;

  private MsMainMode(Bytes in) {
    this.in = in;
  }

  static MainModePart read(Bytes in) {
    return new MsMainMode(in).read();
  }

  private MainModePart read() {
    long unused = MsIpsecData.header(in, TYPE, "a main-mode policy");
    in.skip(16, INSTANCE); // not the object's own in real data
    in.skip(4, RESERVED);
    perfectForwardSecrecy = in.u32("master PFS") != 0;
    int atOptions = in.at();
    long options = in.u32("options");
    if (options > (OPTION_ACCOUNT_MAPPING | OPTION_NO_CERTIFICATE_REQUEST)) {
      throw new MalformedDataException(atOptions, "options " + options, "0..3");
    }
    newDh();
    limits(in.u32("quick modes per main mode"), in.u32("main-mode lifetime"));
    in.skip(20, UNUSED);
    int methods = in.count(METHOD_SIZE, "main-mode methods");
    for (int i = 0; i < methods; i++) method();
    MsIpsecData.end(in);
    int limit = quickModes == NONE ? 0 : (int) Math.min(quickModes, Integer.MAX_VALUE);
    var lifetime = MsIpsecData.duration(seconds == NONE ? 0 : seconds, MainMode.DEFAULT_LIFETIME);
    var mainMode =
        Bytes.checked(80, () -> new MainMode(perfectForwardSecrecy, limit, lifetime, proposals));
    return new MainModePart(
        mainMode,
        (options & OPTION_ACCOUNT_MAPPING) != 0,
        (options & OPTION_NO_CERTIFICATE_REQUEST) != 0);
  }

  /// Up to four proposals in front of the methods, all with group 14; a zero ends them.
  private void newDh() {
    boolean ended = false;
    for (int i = 0; i < 4; i++) {
      int at = in.at();
      int number = in.u8("new DH proposal");
      ended |= number == 0;
      if (!ended) proposals.add(group14(at, number));
    }
  }

  private void method() {
    in.skip(4, METHOD_VERSION);
    int atEncryption = in.at();
    long encryption = in.u32("encryption");
    in.skip(8, ENCRYPTION_HINTS);
    int atHash = in.at();
    long hash = in.u32("hash");
    in.skip(16, HASH_HINTS);
    int atRandom = in.at();
    int random = in.u8("random function");
    in.skip(7, METHOD_UNUSED);
    int atGroup = in.at();
    long group = in.u32("DH group");
    long methodQuickModes = in.u32("quick modes of the method");
    in.skip(4, METHOD_KILOBYTES);
    limits(methodQuickModes, in.u32("seconds of the method"));
    perfectForwardSecrecy |= in.flagOrFiller(METHOD_PFS); // real data has filler here
    proposals.add(
        random != 0
            ? group14(atRandom, random)
            : new MainModeProposal(
                encryption(atEncryption, encryption), hash(atHash, hash), group(atGroup, group)));
  }

  private void limits(long moreQuickModes, long moreSeconds) {
    if (moreQuickModes != 0) quickModes = Math.min(quickModes, moreQuickModes);
    if (moreSeconds != 0) seconds = Math.min(seconds, moreSeconds);
  }

  private static MainModeProposal group14(int at, int number) {
    return switch (number) {
      case 1 -> new MainModeProposal(Encryption.DES, Integrity.MD5, DhGroup.MODP2048);
      case 2 -> new MainModeProposal(Encryption.DES, Integrity.SHA1, DhGroup.MODP2048);
      case 3 -> new MainModeProposal(Encryption.DES3, Integrity.MD5, DhGroup.MODP2048);
      case 4 -> new MainModeProposal(Encryption.DES3, Integrity.SHA1, DhGroup.MODP2048);
      default -> throw new MalformedDataException(at, "group-14 proposal " + number, "0..4");
    };
  }

  private static Encryption encryption(int at, long number) {
    return switch ((int) number) {
      case 0 -> Encryption.NULL;
      case 1 -> Encryption.DES;
      case 2, 3 -> Encryption.DES3;
      default -> throw new MalformedDataException(at, "encryption " + number, "0..3");
    };
  }

  private static Integrity hash(int at, long number) {
    return switch ((int) number) {
      case 0 -> Integrity.NONE;
      case 1 -> Integrity.MD5;
      case 2 -> Integrity.SHA1;
      default -> throw new MalformedDataException(at, "hash " + number, "0..2");
    };
  }

  private static DhGroup group(int at, long number) {
    return switch ((int) number) {
      case 1 -> DhGroup.MODP768;
      case 2 -> DhGroup.MODP1024;
      case 0x1000_0001 -> DhGroup.MODP2048;
      default ->
          throw new MalformedDataException(at, "DH group " + number, "1, 2 or " + 0x1000_0001);
    };
  }
}
