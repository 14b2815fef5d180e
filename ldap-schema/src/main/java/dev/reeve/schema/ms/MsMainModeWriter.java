package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;

/// Writes what [MsMainMode] reads. Limits stand twice, for the policy and for each method: readers
/// differ in which they take.
final class MsMainModeWriter {

  private static final int BEFORE_METHODS = 64;
  private static final int METHOD_SIZE = 64;

  private MsMainModeWriter() {}

  static byte[] write(MainModePart part, String id, Unknown unknown) {
    MainMode mode = part.mainMode();
    long options =
        (part.accountMapping() ? MsMainMode.OPTION_ACCOUNT_MAPPING : 0)
            | (part.noCertificateRequests() ? MsMainMode.OPTION_NO_CERTIFICATE_REQUEST : 0);
    var out = new ByteWriter(unknown);
    out.add(ByteWriter.guid(MsMainMode.TYPE))
        .u32(BEFORE_METHODS + (long) METHOD_SIZE * mode.proposals().size())
        .unknownGuid(id, MsMainMode.INSTANCE)
        .unknown(4, MsMainMode.RESERVED)
        .u32(mode.perfectForwardSecrecy() ? 1 : 0)
        .u32(options)
        .u32(0) // no proposals in front of the methods: these say group 14 themselves
        .u32(mode.quickModesPerMainMode())
        .u32(mode.lifetime().toSeconds())
        .unknown(20, MsMainMode.UNUSED)
        .u32(mode.proposals().size());
    for (MainModeProposal proposal : mode.proposals()) method(out, mode, proposal);
    return out.u8(0).toBytes();
  }

  private static void method(ByteWriter out, MainMode mode, MainModeProposal proposal) {
    out.unknown(4, MsMainMode.METHOD_VERSION)
        .u32(MsAlgorithms.number(proposal.encryption()))
        .unknown(8, MsMainMode.ENCRYPTION_HINTS)
        .u32(MsAlgorithms.number(proposal.integrity()))
        .unknown(16, MsMainMode.HASH_HINTS)
        .u8(0)
        .unknown(7, MsMainMode.METHOD_UNUSED)
        .u32(MsAlgorithms.number(proposal.group()))
        .u32(mode.quickModesPerMainMode())
        .unknown(4, MsMainMode.METHOD_KILOBYTES)
        .u32(mode.lifetime().toSeconds())
        .flagOrFiller(mode.perfectForwardSecrecy(), MsMainMode.METHOD_PFS);
  }
}
