package dev.reeve.model.status;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What IPsec does on a host at one moment: read from charon and the kernel, not remembered, but
/// for the failures.
///
/// @param mainModes, quickModes at most [#MOST] of each in a report; the counts are of all
/// @param traffic of rules that dropped something, or let it pass in clear
/// @param failures of peers with which nothing could be negotiated, newest last
/// @param statistics of charon (`ike.…`) and the kernel (`xfrm.…`)
public record IpsecActivity(
    List<MainModeSa> mainModes,
    int mainModeCount,
    List<QuickModeSa> quickModes,
    int quickModeCount,
    List<RuleTraffic> traffic,
    List<PeerFailure> failures,
    SortedMap<String, Long> statistics) {

  /// A host with thousands of peers sends no report of megabytes.
  public static final int MOST = 100;

  public static final IpsecActivity NONE =
      of(List.of(), List.of(), List.of(), List.of(), new TreeMap<>());

  public IpsecActivity {
    mainModes = List.copyOf(mainModes);
    quickModes = List.copyOf(quickModes);
    traffic = List.copyOf(traffic);
    failures = List.copyOf(failures);
    statistics = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(statistics));
  }

  /// Everything there is.
  public static IpsecActivity of(
      List<MainModeSa> mainModes,
      List<QuickModeSa> quickModes,
      List<RuleTraffic> traffic,
      List<PeerFailure> failures,
      SortedMap<String, Long> statistics) {
    return new IpsecActivity(
        mainModes, mainModes.size(), quickModes, quickModes.size(), traffic, failures, statistics);
  }

  /// The counts, and what a report has room for.
  public IpsecActivity shortened() {
    return new IpsecActivity(
        first(mainModes),
        mainModeCount,
        first(quickModes),
        quickModeCount,
        first(traffic),
        failures.subList(Math.max(0, failures.size() - MOST), failures.size()),
        statistics);
  }

  private static <T> List<T> first(List<T> all) {
    return all.subList(0, Math.min(MOST, all.size()));
  }

  public JsonObject toJson() {
    var numbers = JsonBuilder.object();
    statistics.forEach(numbers::put);
    return JsonBuilder.object()
        .putAll("mainModes", mainModes, MainModeSa::toJson)
        .put("mainModeCount", mainModeCount)
        .putAll("quickModes", quickModes, QuickModeSa::toJson)
        .put("quickModeCount", quickModeCount)
        .putAll("traffic", traffic, RuleTraffic::toJson)
        .putAll("failures", failures, PeerFailure::toJson)
        .put("statistics", numbers.build())
        .build();
  }

  /// Tolerates members that are newer than this program.
  ///
  /// @throws dev.reeve.model.json.JsonException when it says nothing of the kind
  public static IpsecActivity read(JsonMembers in) {
    var activity =
        new IpsecActivity(
            in.objects("mainModes", MainModeSa::read),
            (int) in.number("mainModeCount", 0, Integer.MAX_VALUE),
            in.objects("quickModes", QuickModeSa::read),
            (int) in.number("quickModeCount", 0, Integer.MAX_VALUE),
            in.objects("traffic", RuleTraffic::read),
            in.objects("failures", PeerFailure::read),
            statistics(in.findObject("statistics").map(JsonMembers::rest).orElse(Map.of())));
    var unused = in.rest();
    return activity;
  }

  private static SortedMap<String, Long> statistics(Map<String, JsonValue> members) {
    var numbers = new TreeMap<String, Long>();
    members.forEach((name, value) -> {
      if (value instanceof JsonNumber(var number)) numbers.put(name, number);
    });
    return numbers;
  }
}
