package dev.reeve.engine.nft;

import dev.reeve.engine.nft.Gate.Protection;
import dev.reeve.engine.nft.Gate.RuleKey;
import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.engine.nft.NftMatch.Way;
import dev.reeve.engine.nft.NftRule.Verdict;
import dev.reeve.engine.nft.NftRule.Verdict.Accept;
import dev.reeve.engine.nft.NftRule.Verdict.Drop;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.ipsec.Posture;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.spd.SpdAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where the packets of rules that may drop end: a chain of each rule, which lets exempt and
/// secured packets pass, and counts what becomes of the others.
final class RuleEnds {

  private static final Pattern GUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final Set<RuleKey> byAccount;
  private final List<IpAddress> verified;
  private final int diagnostics;
  private final Map<RuleKey, String> clearCounters = new LinkedHashMap<>();
  private final List<NftChain> chains = new ArrayList<>();

  /// @param byAccount rules whose peers need more than an association: to be verified
  /// @param verified the peers that are
  /// @param diagnostics the host setting `ipsecDiagnostics`
  RuleEnds(Set<RuleKey> byAccount, List<IpAddress> verified, int diagnostics) {
    this.byAccount = byAccount;
    this.verified = verified;
    this.diagnostics = diagnostics;
  }

  List<NftChain> chains() {
    return chains;
  }

  /// Which counter is whose: it counts what a rule lets pass unsecured.
  Map<RuleKey, String> clearCounters() {
    return clearCounters;
  }

  /// One whose rule is not negotiated.
  void add(String counter, String suffix, RuleKey rule) {
    chains.add(end(counter, suffix, rule, List.of()));
  }

  /// One for arriving or leaving packets.
  ///
  /// @param protection that secures them
  void add(String counter, String suffix, RuleKey rule, boolean incoming, Protection protection) {
    chains.add(end(counter, suffix, rule, secured(rule, incoming, protection)));
  }

  private List<NftRule> secured(RuleKey rule, boolean incoming, Protection protection) {
    var rules = new ArrayList<NftRule>();
    for (long reqid : protection.reqids()) {
      List<NftMatch> associations = associations(incoming, reqid, protection.inAh());
      if (!byAccount.contains(rule)) {
        rules.add(accept(Stream.empty(), associations));
        continue;
      }
      End peer = incoming ? End.SOURCE : End.DESTINATION;
      for (IpFamily family : IpFamily.values()) {
        List<IpAddress> peers = verified.stream().filter(p -> p.family() == family).toList();
        if (peers.isEmpty()) continue;
        rules.add(accept(Stream.of(NftMatch.Address.of(peer, false, peers)), associations));
      }
    }
    return rules;
  }

  private static NftRule accept(Stream<NftMatch> first, List<NftMatch> then) {
    return NftRule.of(Accept.ACCEPT, Stream.concat(first, then.stream()).toArray(NftMatch[]::new));
  }

  /// What is done last to a packet that leaves is undone first where it arrives.
  private static List<NftMatch> associations(boolean incoming, long reqid, boolean inAh) {
    if (!inAh) return List.of(new NftMatch.Secured(incoming, 0, reqid));
    long around = XfrmState.around(reqid);
    return List.of(
        new NftMatch.Secured(incoming, 0, incoming ? around : reqid),
        new NftMatch.Secured(incoming, 1, incoming ? reqid : around));
  }

  /// Where the packets of a rule that may drop end.
  private NftChain end(String counter, String suffix, RuleKey rule, List<NftRule> secured) {
    var rules = new ArrayList<NftRule>();
    rules.add(NftRule.of(new Verdict.Jump(rule.tunnel() ? Exempt.CARRIER : Exempt.CHAIN)));
    rules.addAll(secured);
    List<NftRule> drop = dropped(counter, rule);
    switch (rule.action()) {
      case SpdAction.Permit _, SpdAction.Block _ -> rules.addAll(drop);
      case SpdAction.Negotiate(var posture, var usable) -> {
        rules.addAll(usable ? clear(posture, counter, rule) : drop);
      }
    }
    return new NftChain(counter + suffix, Optional.empty(), rules);
  }

  /// What becomes of the clear traffic of a negotiate rule. Multicast is never negotiated, so it is
  /// never clear either.
  private List<NftRule> clear(Posture posture, String counter, RuleKey rule) {
    List<NftRule> first =
        posture == Posture.REQUIRE ? List.of() : dropped(counter, rule, NftMatch.ToMany.TO_MANY);
    List<NftRule> rest =
        switch (posture) {
          case REQUIRE -> dropped(counter, rule);
          case REQUIRE_PASS_THROUGH ->
              Stream.concat(
                      Stream.of(NftRule.counted(clear(counter, rule), Accept.ACCEPT, Way.INBOUND)),
                      dropped(counter, rule).stream())
                  .toList();
          case REQUEST -> List.of(NftRule.counted(clear(counter, rule), Accept.ACCEPT));
        };
    return Stream.concat(first.stream(), rest.stream()).toList();
  }

  /// The counter of what passes although it is not secured.
  private String clear(String counter, RuleKey rule) {
    return clearCounters.computeIfAbsent(rule, _ -> counter + "_clear");
  }

  /// Drops and counts, and tells the log before.
  private List<NftRule> dropped(String counter, RuleKey rule, NftMatch... matches) {
    var rules = new ArrayList<NftRule>();
    boolean in = (diagnostics & 2) != 0;
    boolean out = (diagnostics & 4) != 0;
    if (in || out) {
      var logged = new ArrayList<>(List.of(matches));
      if (in != out) logged.add(in ? Way.INBOUND : Way.OUTBOUND);
      rules.add(new NftRule(logged, Optional.empty(), new Verdict.Log(prefix(counter, rule))));
    }
    rules.add(NftRule.counted(counter, Drop.DROP, matches));
    return rules;
  }

  /// What the directory says is never given to nft as it is: an id counts as a number, or not at
  /// all.
  private static String prefix(String counter, RuleKey rule) {
    String id = rule.ruleId().replaceAll("[{}]", "");
    return "reeve drop " + (GUID.matcher(id).matches() ? id : counter) + " ";
  }
}
