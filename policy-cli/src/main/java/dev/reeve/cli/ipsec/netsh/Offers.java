package dev.reeve.cli.ipsec.netsh;

import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What quick mode offers, as commands say it or leave it out.
public final class Offers {

  private Offers() {}

  /// What a command gets that says nothing: the strong ones of today.
  public static List<QuickModeOffer> usual() {
    return Stream.of(Encryption.AES256_GCM, Encryption.AES128_GCM)
        .map(cipher ->
            new QuickModeOffer(
                Optional.of(new Esp(cipher, Integrity.NONE)),
                Optional.empty(),
                QuickModeOffer.DEFAULT_LIFETIME,
                QuickModeOffer.DEFAULT_KILOBYTES,
                PerfectForwardSecrecy.None.NONE))
        .toList();
  }

  private static List<QuickModeOffer> with(List<QuickModeOffer> offers, PerfectForwardSecrecy pfs) {
    return offers.stream()
        .map(o -> new QuickModeOffer(o.esp(), o.ah(), o.lifetime(), o.kilobytes(), pfs))
        .toList();
  }

  /// By `qmsecmethods` and `qmpfs`; what is not given stays.
  public static List<QuickModeOffer> of(Tags tags, List<QuickModeOffer> before) {
    Optional<PerfectForwardSecrecy> pfs =
        tags.find(
            "qmpfs",
            text ->
                Netsh.yes(text)
                    ? PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP
                    : PerfectForwardSecrecy.None.NONE);
    return of(tags, pfs, before);
  }

  /// By `qmsecmethods` and this; what is not given stays.
  ///
  /// @param pfs empty when it is not given
  public static List<QuickModeOffer> of(
      Tags tags, Optional<PerfectForwardSecrecy> pfs, List<QuickModeOffer> before) {
    PerfectForwardSecrecy usual = pfs.orElse(before.getFirst().pfs());
    return tags.find("qmsecmethods", text -> Netsh.quickModeMethods(text, usual))
        .orElseGet(() -> pfs.map(given -> with(before, given)).orElse(before));
  }
}
