package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;

/// Writes what [MsAction] reads. An offer without algorithms, the last one, allows unsecured
/// communication with peers that do not answer.
final class MsActionWriter {

  private final ByteWriter out;

  private MsActionWriter(Unknown unknown) {
    this.out = new ByteWriter(unknown);
  }

  static byte[] write(FilterAction action, Unknown unknown) {
    return new MsActionWriter(unknown).write(action);
  }

  private byte[] write(FilterAction action) {
    int offers =
        switch (action) {
          case FilterAction.Permit _, FilterAction.Block _ -> 0;
          case Negotiate negotiate ->
              negotiate.offers().size() + (negotiate.allowFallbackToClear() ? 1 : 0);
        };
    out.add(ByteWriter.guid(MsAction.TYPE)).u32(4 + (long) MsAction.OFFER_SIZE * offers);
    out.u32(offers);
    if (action instanceof Negotiate negotiate) {
      negotiate.offers().forEach(this::offer);
      if (negotiate.allowFallbackToClear()) fallback();
    }
    return out.u8(0).toBytes();
  }

  private void offer(QuickModeOffer offer) {
    int slots = (offer.ah().isPresent() ? 1 : 0) + (offer.esp().isPresent() ? 1 : 0);
    boolean pfs = !(offer.pfs() instanceof PerfectForwardSecrecy.None);
    out.u32(offer.lifetime().toSeconds())
        .u32(offer.kilobytes())
        .unknown(4, MsAction.OFFER_OPTIONS)
        .u32(pfs ? 1 : 0)
        .u32(slots);
    offer.ah().ifPresent(ah -> slot(MsAlgorithms.number(ah), Integrity.NONE, MsAction.AH));
    offer.esp().ifPresent(this::slot);
    out.unknown((MsAction.SLOTS - slots) * MsAction.SLOT_SIZE, MsAction.UNUSED_SLOTS);
  }

  private void slot(Esp esp) {
    slot(MsAlgorithms.number(esp.encryption()), esp.integrity(), MsAction.ESP);
  }

  private void slot(long algorithm, Integrity espIntegrity, int kind) {
    out.u32(algorithm)
        .u32(MsAlgorithms.number(espIntegrity))
        .u32(kind)
        .unknown(8, MsAction.ALGORITHM_HINTS);
  }

  private void fallback() {
    out.u32(0)
        .u32(0)
        .unknown(4, MsAction.OFFER_OPTIONS)
        .u32(0)
        .u32(0)
        .unknown(MsAction.SLOTS * MsAction.SLOT_SIZE, MsAction.FALLBACK_SLOTS);
  }
}
