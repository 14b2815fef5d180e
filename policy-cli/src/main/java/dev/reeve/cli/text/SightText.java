package dev.reeve.cli.text;

import dev.reeve.cli.text.SightDocument.Action;
import dev.reeve.cli.text.SightDocument.ActivePolicy;
import dev.reeve.cli.text.SightDocument.MmFilter;
import dev.reeve.cli.text.SightDocument.Placed;
import dev.reeve.cli.text.SightDocument.QmFilter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.MainModeSa;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.QuickModeSa;
import dev.reeve.model.status.RuleTraffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a host's IPsec does now, as `ipsec dynamic show` prints it. Tolerates members that are
/// newer than this program.
public final class SightText {

  private static final int LABEL = 4;
  private static final int VALUE = 22;

  /// In the order in which `all` has them.
  public static final List<String> PARTS =
      List.of(
          "all",
          "activepolicy",
          "mmsas",
          "qmsas",
          "mmpolicy",
          "qmpolicy",
          "mmfilter",
          "qmfilter",
          "rule",
          "config",
          "stats");

  private final Page page = new Page();
  private final JsonObject sight;

  private SightText(JsonObject sight) {
    this.sight = sight;
  }

  /// @throws dev.reeve.model.json.JsonException when it is no agent's answer
  public static List<String> lines(String part, JsonObject sight) {
    var text = new SightText(sight);
    text.warnings();
    if (part.equals("all")) {
      for (String one : PARTS.subList(1, PARTS.size())) text.part(one);
    } else {
      text.part(part);
    }
    return text.page.lines();
  }

  private void part(String part) {
    page.blank();
    switch (part) {
      case "activepolicy" -> activePolicy();
      case "mmsas" -> mainModes();
      case "qmsas" -> quickModes();
      case "mmpolicy" -> mmpolicies();
      case "qmpolicy" -> qmpolicies();
      case "mmfilter" -> mmfilters();
      case "qmfilter" -> qmfilters();
      case "rule" -> rules();
      case "config" -> config();
      case "stats" -> stats();
      default -> throw new IllegalArgumentException(part);
    }
  }

  private JsonMembers in() {
    return JsonMembers.of("$", sight);
  }

  private IpsecActivity activity() {
    return IpsecActivity.read(in().object("activity"));
  }

  private void warnings() {
    JsonMembers in = in();
    String problem = in.findString("problem").orElse("");
    if (!problem.isEmpty()) page.text(0, 2, "The engine cannot be asked: " + problem);
    if (in.findString("outcome").orElse("").equals("failed")) {
      page.text(
          0,
          2,
          "The last change could NOT be applied, what held before still holds: "
              + in.findString("detail").orElse(""));
    }
    in.strings("differences").forEach(d -> page.text(0, 2, "Not as it was applied: " + d));
  }

  private void title(String title, int count) {
    page.row(title + (count == 0 ? ": none" : ""));
  }

  private void field(String label, String value) {
    if (!value.isEmpty()) page.field(LABEL, VALUE, label, value);
  }

  private void activePolicy() {
    List<ActivePolicy> policies = in().objects("activePolicy", ActivePolicy::read);
    title("Active policies", policies.size());
    in().findString("standing").ifPresent(standing -> page.text(2, 4, "This host: " + standing));
    for (ActivePolicy policy : policies) {
      page.text(2, 4, policy.name());
      field("Store", policy.store());
      field("GPO", policy.gpo());
      field("Container", policy.container());
      field("Last change", policy.changed());
      policy.age().ifPresent(age -> field("Age", ago(age)));
    }
  }

  private static String ago(long seconds) {
    return Words.of(Duration.ofSeconds(Math.max(0, seconds)));
  }

  private void mainModes() {
    IpsecActivity activity = activity();
    title("Main-mode associations", activity.mainModeCount());
    for (MainModeSa sa : activity.mainModes()) {
      page.text(2, 4, sa.local() + " <-> " + sa.remote() + "  (" + sa.id() + ")");
      field("State", sa.state() + (sa.initiator() ? ", begun here" : ", begun by the peer"));
      field("Local identity", sa.localId());
      field("Peer identity", sa.remoteId());
      field("Authentication", sa.authentication());
      field("Security methods", methods(sa.encryption(), sa.integrity(), sa.group()));
      field("Behind NAT", sa.nat());
      field(
          "Age",
          sa.establishedSeconds().map(SightText::ago).orElse("")
              + sa.rekeySeconds().map(s -> ", new keys in " + ago(s)).orElse(""));
    }
  }

  private static String methods(String encryption, String integrity, String group) {
    var parts = new ArrayList<String>();
    for (String part : List.of(encryption, integrity, group)) if (!part.isEmpty()) parts.add(part);
    return String.join(", ", parts);
  }

  private void quickModes() {
    IpsecActivity activity = activity();
    title("Quick-mode associations", activity.quickModeCount());
    for (QuickModeSa sa : activity.quickModes()) {
      page.text(2, 4, sa.local() + " <-> " + sa.remote() + "  (" + sa.id() + ")");
      field("Rules", String.join(", ", sa.rules()));
      field("State", sa.state());
      field(
          "Traffic",
          String.join(" ", sa.localTraffic()) + " <-> " + String.join(" ", sa.remoteTraffic()));
      field(
          "Protection",
          sa.protocol()
              + ", "
              + sa.mode().toLowerCase(java.util.Locale.ROOT)
              + (sa.udp() ? ", in UDP" : ""));
      field("Security methods", methods(sa.encryption(), sa.integrity(), sa.group()));
      field("SPI in", sa.spiIn());
      field("SPI out", sa.spiOut());
      field("Received", count(sa.packetsIn(), sa.bytesIn()));
      field("Sent", count(sa.packetsOut(), sa.bytesOut()));
      field("Main mode", Long.toString(sa.mainMode()));
      field(
          "Age",
          sa.installedSeconds().map(SightText::ago).orElse("")
              + sa.rekeySeconds().map(s -> ", new keys in " + ago(s)).orElse("")
              + sa.lifeSeconds().map(s -> ", ends in " + ago(s)).orElse(""));
    }
  }

  private static String count(long packets, long bytes) {
    return Words.count(packets) + " packets, " + Words.count(bytes) + " bytes";
  }

  private void mmpolicies() {
    List<Placed> policies = SightDocument.policies(sight);
    title("Main-mode policies", policies.size());
    for (Placed placed : policies) {
      var mode = placed.policy().mainMode();
      page.text(2, 4, placed.policy().name());
      field("Store", placed.store());
      field("New keys after", Words.of(mode.lifetime()));
      field(
          "Quick modes",
          mode.quickModesPerMainMode() == 0 ? "no limit" : "" + mode.quickModesPerMainMode());
      for (int i = 0; i < mode.proposals().size(); i++) {
        var proposal = mode.proposals().get(i);
        page.field(
            LABEL,
            VALUE,
            i == 0 ? "Security methods" : "",
            Words.of(proposal.encryption())
                + ", "
                + Words.of(proposal.integrity())
                + ", "
                + Words.of(proposal.group()));
      }
    }
  }

  private void qmpolicies() {
    List<Action> actions = SightDocument.qmpolicies(sight);
    title("Quick-mode policies", actions.size());
    for (Action one : actions) {
      Negotiate action = one.action();
      page.text(2, 4, action.name().isEmpty() ? "of rule " + one.rule() : action.name());
      field("Store", one.store());
      field("Posture", action.posture().toString());
      for (int i = 0; i < action.offers().size(); i++) {
        page.field(
            LABEL,
            VALUE,
            i == 0 ? "Security methods" : "",
            PolicyText.offer(action.offers().get(i)));
      }
    }
  }

  private void mmfilters() {
    List<MmFilter> filters = SightDocument.mmfilters(sight);
    title("Main-mode filters", filters.size());
    for (MmFilter filter : filters) {
      page.row(
          "  %-24s -> %-24s  %s"
              .formatted(filter.source(), filter.destination(), String.join(", ", filter.rules())));
    }
  }

  private void qmfilters() {
    List<QmFilter> filters = SightDocument.qmfilters(sight);
    title("Quick-mode filters, the most specific first", filters.size());
    if (filters.isEmpty()) return;
    page.row(QM_ROW.formatted("Source", "Src port", "Destination", "Dst port", "Protocol"));
    for (QmFilter filter : filters) {
      page.row(
          QM_ROW.formatted(
              filter.source(),
              filter.sourcePorts(),
              filter.destination(),
              filter.destinationPorts(),
              filter.protocol()));
      page.text(
          LABEL + 2,
          LABEL + 4,
          filter.action()
              + ": "
              + filter.store()
              + " rule "
              + filter.rule()
              + ", weight "
              + filter.weight());
    }
  }

  private static final String QM_ROW = "  %-22s %-11s %-22s %-11s %s";

  private void rules() {
    List<Placed> policies = SightDocument.policies(sight);
    Map<String, String> states = new LinkedHashMap<>();
    in().objects(
            "rules",
            rule -> {
              String detail = rule.findString("detail").orElse("");
              states.put(
                  rule.string("id"),
                  GpResultText.state(rule.string("state"))
                      + (detail.isEmpty() ? "" : ": " + detail));
              return rule.rest();
            });
    List<IpsecRule> active =
        policies.stream()
            .flatMap(placed -> placed.policy().rules().stream())
            .filter(IpsecRule::active)
            .toList();
    title("Rules", active.size());
    for (Placed placed : policies) {
      for (IpsecRule rule : placed.policy().rules()) {
        if (rule.active()) rule(placed.store(), rule, states.getOrDefault(rule.id(), ""));
      }
    }
  }

  private void rule(String store, IpsecRule rule, String state) {
    page.text(2, 4, rule.isDefaultResponse() ? "Default response" : rule.name());
    field("Store", store);
    rule.filters()
        .ifPresent(list ->
            page.fields(
                LABEL, VALUE, "Filters", list.filters().stream().map(PolicyText::filter).toList()));
    field(
        "Action",
        switch (rule.action()) {
          case FilterAction.Permit _ -> "permit";
          case FilterAction.Block _ -> "block";
          case Negotiate negotiate -> "negotiate: " + negotiate.posture();
        });
    if (rule.action() instanceof Negotiate) {
      page.fields(
          LABEL,
          VALUE,
          "Authentication",
          rule.authentication().stream().map(PolicyText::authentication).toList());
    }
    rule.tunnel().ifPresent(end -> field("Tunnel to", end.toString()));
    field("State", state);
  }

  private void config() {
    title("Host settings", 1);
    in().object("settings").rest().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e ->
            field(
                e.getKey().toLowerCase(java.util.Locale.ROOT),
                e.getValue() instanceof JsonString(var text)
                    ? text
                    : JsonText.write(e.getValue())));
    List<String> exempt = in().strings("exempt");
    page.blank();
    title("Exempt: passes whatever the policy says", exempt.size());
    exempt.forEach(one -> page.text(2, 4, one));
  }

  private void stats() {
    IpsecActivity activity = activity();
    title("Packets that were not secured, since the agent started", activity.traffic().size());
    for (RuleTraffic traffic : activity.traffic()) {
      page.text(2, 4, traffic.ruleName() + " (" + traffic.store() + ")");
      if (traffic.dropped().packets() > 0) {
        field("Dropped", count(traffic.dropped().packets(), traffic.dropped().bytes()));
      }
      if (traffic.clear().packets() > 0) {
        field("Left in clear", count(traffic.clear().packets(), traffic.clear().bytes()));
      }
    }
    page.blank();
    title("Peers that could not be agreed with", activity.failures().size());
    activity.failures().reversed().forEach(this::failure);
    page.blank();
    title("Counters", activity.statistics().size());
    activity
        .statistics()
        .forEach((name, value) -> {
          if (value != 0) page.field(2, 32, name, Words.count(value));
        });
  }

  private void failure(PeerFailure failure) {
    page.text(2, 4, failure.peer() + ": " + Words.of(failure.reason()));
    field("Why", failure.detail());
    field(
        "Seen",
        Words.count(failure.count())
            + (failure.count() == 1 ? " time, " : " times, last ")
            + failure.last());
    field(
        "Its traffic",
        failure.downgraded()
            ? "downgraded: goes on in clear, as a rule that requests security allows"
            : "dropped where security is required");
  }
}
