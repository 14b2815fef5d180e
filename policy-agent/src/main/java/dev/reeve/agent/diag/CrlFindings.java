package dev.reeve.agent.diag;

import static dev.reeve.agent.diag.Finding.notOk;
import static dev.reeve.agent.diag.Finding.ok;
import static dev.reeve.agent.diag.Finding.skipped;

import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.model.json.JsonMembers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether this host has what it checks its peers' certificates against, by what the agent says of
/// itself.
final class CrlFindings {

  private CrlFindings() {}

  /// One for each authority whose CRL is needed.
  static List<Finding> of(JsonMembers sight, Instant now) {
    long level =
        sight.findObject("settings").flatMap(all -> all.findNumber("strongCrlCheck")).orElse(0L);
    if (level == 0) {
      return List.of(skipped("crl", "strongcrlcheck is 0: no peer is checked against a CRL"));
    }
    List<Finding> needed = sight.objects("crls", one -> of(level, one, now));
    return needed.isEmpty()
        ? List.of(
            skipped("crl", "strongcrlcheck is " + level + ", and there is no certificate here"))
        : needed;
  }

  private static Finding of(long level, JsonMembers needed, Instant now) {
    String whose = "CRL of '" + needed.string("authority") + "'";
    Optional<Long> bytes = needed.findNumber("bytes");
    Optional<Instant> until = needed.findParsed("until", Instant::parse);
    if (bytes.isEmpty()) return lacks(level, "this host was sent no " + whose, "");
    if (bytes.get() > IkeCrl.MOST_BYTES) {
      String length = "the %s has %d bytes, more than charon takes".formatted(whose, bytes.get());
      return lacks(level, length, "");
    }
    if (until.filter(end -> !now.isBefore(end)).isPresent()) {
      // At level 1 it still refuses whom it names.
      return lacks(level, "the " + whose + " ended " + until.get(), " since");
    }
    return ok(
        "crl",
        "strongcrlcheck is %d; the %s holds until %s"
            .formatted(level, whose, until.map(Instant::toString).orElse("another comes")));
  }

  private static Finding lacks(long level, String what, String since) {
    String effect = level == 1 ? "whom it revoked" + since + " is let in" : "its peers are refused";
    return notOk(
        "crl",
        "strongcrlcheck is " + level + "; " + what + ": " + effect,
        "'reeve gpupdate' fetches what the policy server has; the server's log and its"
            + " /actuator/health (revocations) say what that lacks. Those of other CAs it fetches"
            + " with --crl CA-FILE=URL");
  }
}
