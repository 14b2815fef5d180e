package dev.reeve.engine.plan;

import dev.reeve.engine.nft.NftTable;
import java.util.List;
import java.util.Optional;

/// The steps from what the kernel holds to what it should hold.
public final class EnginePlan {

  private EnginePlan() {}

  /// @param installed as read back, never as remembered
  /// @return in the order to be done; empty when there is nothing to do
  public static List<EngineStep> between(Optional<NftTable> installed, Optional<NftTable> wanted) {
    if (wanted.isEmpty()) {
      return installed.isEmpty() ? List.of() : List.of(new EngineStep.RemoveGate());
    }
    return differences(installed, wanted).isEmpty()
        ? List.of()
        : List.of(new EngineStep.LoadGate(wanted.get()));
  }

  /// What is not as wanted, in words.
  public static List<String> differences(Optional<NftTable> installed, Optional<NftTable> wanted) {
    if (wanted.isEmpty()) {
      return installed.isEmpty() ? List.of() : List.of("table inet reeve is there, expected none");
    }
    return installed
        .map(held -> wanted.get().differencesIn(held))
        .orElse(List.of("table inet reeve is missing"));
  }
}
