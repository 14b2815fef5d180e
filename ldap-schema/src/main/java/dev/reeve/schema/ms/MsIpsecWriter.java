package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.ipsec.IpsecGuids;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.ipsec.IpsecObject.ActionPart;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;
import dev.reeve.schema.ipsec.IpsecObject.PolicyHead;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.Function;

/// ipsecData for Windows to read: the other half of [MsIpsecData], one function per kind.
///
/// Each takes the bytes that the object had before, or none. An object that says what it said is
/// written as it was, byte for byte; in one that says something else, the bytes that nobody knows
/// stay in their places.
///
/// All throw [IllegalArgumentException] for what Microsoft's form has no words for; ask
/// [dev.reeve.schema.write.MsCarrier] first.
public final class MsIpsecWriter {

  /// An object that was never written before.
  public static final byte[] NEW = {};

  private MsIpsecWriter() {}

  /// `ipsecPolicy`.
  public static byte[] policy(PolicyHead part, byte[] was) {
    return write(
        part,
        was,
        MsIpsecData::policy,
        unknown ->
            new ByteWriter(unknown)
                .add(ByteWriter.guid(MsIpsecData.POLICY))
                .u32(4)
                .u32(part.pollingInterval().toSeconds())
                .u8(0)
                .toBytes());
  }

  /// `ipsecISAKMPPolicy`.
  ///
  /// @param id the object's GUID with braces
  public static byte[] mainMode(MainModePart part, String id, byte[] was) {
    return write(part, was, MsMainMode::read, unknown -> MsMainModeWriter.write(part, id, unknown));
  }

  /// `ipsecNFA`.
  ///
  /// @param opener gives the pre-shared keys, which will stand readable in the data
  public static byte[] rule(RulePart part, SecretOpener opener, byte[] was) {
    SecretSealer digests = secret -> SealedSecret.ofBytes(digest(secret));
    return write(
        digested(part, opener),
        was,
        in -> MsRule.read(in, digests),
        _ -> MsRuleWriter.write(part, opener));
  }

  /// `ipsecNegotiationPolicy`. What the action does beside its offers is in attributes:
  /// [IpsecGuids].
  public static byte[] action(ActionPart part, byte[] was) {
    return write(
        part,
        was,
        in ->
            MsAction.read(
                in,
                IpsecGuids.of(part.action()),
                IpsecGuids.typeOf(part.defaultResponse()),
                part.action().name()),
        unknown -> MsActionWriter.write(part.action(), unknown));
  }

  /// `ipsecFilter`.
  ///
  /// @param id the object's GUID with braces
  public static byte[] filters(FilterPart part, String id, FilterForm form, byte[] was) {
    return write(
        part, was, MsFilters::read, unknown -> MsFiltersWriter.write(part, id, form, unknown));
  }

  private static byte[] write(
      IpsecObject part,
      byte[] was,
      Function<Bytes, IpsecObject> read,
      Function<Unknown, byte[]> write) {
    if (was.length == 0) return write.apply(Unknown.none());
    Unknown unknown = Unknown.keeping();
    try {
      if (read.apply(Bytes.of(was, unknown)).equals(part)) return was.clone();
    } catch (MalformedDataException e) {
      unknown = Unknown.none(); // what cannot be read leaves nothing behind
    }
    return write.apply(unknown);
  }

  /// Two seals of one key need not be equal; the digests of what is in them are.
  private static RulePart digested(RulePart part, SecretOpener opener) {
    return new RulePart(
        part.authentication().stream()
            .map(method ->
                method instanceof AuthMethod.PreSharedKey(var key)
                    ? new AuthMethod.PreSharedKey(SealedSecret.ofBytes(digest(opener.open(key))))
                    : method)
            .toList(),
        part.networkType(),
        part.active(),
        part.tunnel());
  }

  private static byte[] digest(byte[] secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
