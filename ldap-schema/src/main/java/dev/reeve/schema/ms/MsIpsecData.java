package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.ipsec.IpsecObject.ActionPart;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;
import dev.reeve.schema.ipsec.IpsecObject.PolicyHead;
import java.time.Duration;

/// ipsecData as Windows writes it (MS-GPIPSEC 2.2.1): the door to one reader per kind of object.
///
/// All kinds begin with the GUID of the kind and a data length, and nothing is aligned. Structure
/// decides; the data length is only compared. Bytes called unused may hold anything: real objects
/// have filler and pieces of heap in them.
///
/// Everything here throws [MalformedDataException] and nothing else, whatever the bytes.
public final class MsIpsecData {

  /// ipsecDataType by the specification.
  public static final int DATA_TYPE = 256;

  /// ipsecDataType in every real domain: 256 again, in hexadecimal, taken for decimal.
  public static final int DATA_TYPE_IN_REAL_DOMAINS = 598;

  static final String POLICY = "{22202163-4F4C-11D1-863B-00A0248D3021}";

  private MsIpsecData() {}

  /// `ipsecPolicy`.
  public static PolicyHead policy(byte[] data) {
    return policy(Bytes.of(data));
  }

  static PolicyHead policy(Bytes in) {
    header(in, POLICY, "an IPsec policy");
    long seconds = in.u32("polling interval");
    end(in);
    return new PolicyHead(duration(seconds, IpsecPolicy.DEFAULT_POLLING_INTERVAL));
  }

  /// `ipsecISAKMPPolicy`.
  public static MainModePart mainMode(byte[] data) {
    return MsMainMode.read(Bytes.of(data));
  }

  /// `ipsecNFA`: a rule, or the version information that every domain has among its rules.
  ///
  /// @param sealer gets the pre-shared keys, which stand readable in the data
  public static IpsecObject rule(byte[] data, SecretSealer sealer) {
    return MsRule.read(Bytes.of(data), sealer);
  }

  /// `ipsecNegotiationPolicy`.
  ///
  /// @param action iPSECNegotiationPolicyAction
  /// @param type iPSECNegotiationPolicyType
  /// @param name what the administrator called it
  public static ActionPart action(byte[] data, String action, String type, String name) {
    return MsAction.read(Bytes.of(data), action, type, name);
  }

  /// `ipsecFilter`.
  public static FilterPart filters(byte[] data) {
    return MsFilters.read(Bytes.of(data));
  }

  /// The type GUID and the data length behind it.
  static long header(Bytes in, String type, String what) {
    String found = in.guid("type");
    if (!found.equals(type)) throw new MalformedDataException(0, found, type + ", " + what);
    return in.u32("data length");
  }

  /// The zero byte that ends most objects may be absent; anything more is something we do not know.
  static void end(Bytes in) {
    if (in.remaining() > 1) {
      throw new MalformedDataException(
          in.at(), in.remaining() + " more bytes", "the end of the data");
    }
  }

  /// Zero means the default; more than our own formats can carry becomes as much as they can.
  static Duration duration(long seconds, Duration whenZero) {
    return seconds == 0 ? whenZero : Duration.ofSeconds(Math.min(seconds, Integer.MAX_VALUE));
  }
}
