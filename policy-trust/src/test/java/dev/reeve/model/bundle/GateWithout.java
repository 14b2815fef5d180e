package dev.reeve.model.bundle;

import java.util.Set;

/// Opens the gate's door for the attack table: the same gate with one check removed.
public final class GateWithout {

  private GateWithout() {}

  public static BundleGate checks(SignatureCheck signatures, Set<Refusal> skipped) {
    return new BundleGate(signatures, skipped);
  }
}
