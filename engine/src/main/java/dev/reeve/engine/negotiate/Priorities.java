package dev.reeve.engine.negotiate;

import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.model.spd.SpdEntry;
import dev.reeve.model.spd.Weight;

/// The kernel's priorities, in the order of the SPD: they depend on the entry alone, so that a
/// change of one rule leaves the policies of all others as they are.
final class Priorities {

  /// Before what is negotiated: exemptions.
  static final long EXEMPT = 0x5200_0000L;

  /// How much better the priority of what no exemption reaches is.
  static final long LIFT = EXEMPT - XfrmPolicy.FIRST;

  static final long FIRST_ENTRY = EXEMPT + 16;

  private Priorities() {}

  static long of(SpdEntry entry) {
    Weight weight = entry.weight();
    long specificity = weight.addressBits();
    specificity = specificity * 129 + weight.narrowerAddress();
    specificity = specificity * 2 + weight.protocol();
    specificity = specificity * 3 + weight.ports();
    specificity = specificity * 33 + weight.portBits();
    specificity = specificity * 2 + weight.networkType();
    specificity = specificity * 6 + entry.action().strictness();
    return FIRST_ENTRY + MOST - specificity;
  }

  private static final long MOST = 257L * 129 * 2 * 3 * 33 * 2 * 6;
}
