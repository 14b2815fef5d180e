package dev.reeve.agent.dynamic;

import dev.reeve.agent.dynamic.DynamicRule.Act;
import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.spd.HostPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that `ipsec dynamic` added: a layer over the policy in force. Its rules stand among
/// those of the policy, and the most specific filter wins; its settings replace the policy's.
public record DynamicPolicy(
    SortedMap<String, MainMode> mainModes,
    SortedMap<String, Negotiate> quickModes,
    List<DynamicRule> rules,
    Map<HostSetting, JsonValue> settings) {

  public static final DynamicPolicy NONE =
      new DynamicPolicy(new TreeMap<>(), new TreeMap<>(), List.of(), Map.of());

  /// More than an administrator types.
  static final int MOST = 1000;

  public DynamicPolicy {
    mainModes = Collections.unmodifiableSortedMap(new TreeMap<>(mainModes));
    quickModes = Collections.unmodifiableSortedMap(new TreeMap<>(quickModes));
    rules = List.copyOf(rules);
    settings = Map.copyOf(settings);
  }

  public boolean isNothing() {
    return equals(NONE);
  }

  /// @throws IllegalArgumentException when the change makes no sense here, in words for whoever
  ///   asked for it
  public DynamicPolicy after(DynamicChange change) {
    return switch (change) {
      case DynamicChange.PutMainMode(var name, var mainMode, var isNew) -> {
        check("mmpolicy", name, mainModes, isNew);
        var more = new TreeMap<>(mainModes);
        more.put(name, mainMode);
        yield new DynamicPolicy(more, quickModes, rules, settings);
      }
      case DynamicChange.PutQuickMode(var name, var action, var isNew) -> {
        check("qmpolicy", name, quickModes, isNew);
        var more = new TreeMap<>(quickModes);
        more.put(name, action);
        yield new DynamicPolicy(mainModes, more, rules, settings);
      }
      case DynamicChange.PutRule(var rule, var isNew) -> put(rule, isNew);
      case DynamicChange.DeleteRule(var rule) -> {
        var fewer = new ArrayList<>(rules);
        if (!fewer.removeIf(rule::isSameAs)) throw noSuchRule(rule);
        yield new DynamicPolicy(mainModes, quickModes, fewer, settings);
      }
      case DynamicChange.DeleteMainModes(var name) -> {
        rules.forEach(rule -> {
          if (isMeant(name, rule.mmpolicy())) throw inUse("mmpolicy", rule.mmpolicy(), rule);
        });
        yield new DynamicPolicy(without("mmpolicy", name, mainModes), quickModes, rules, settings);
      }
      case DynamicChange.DeleteQuickModes(var name) -> {
        rules.forEach(rule -> {
          if (isMeant(name, rule.qmpolicy())) throw inUse("qmpolicy", rule.qmpolicy(), rule);
        });
        yield new DynamicPolicy(mainModes, without("qmpolicy", name, quickModes), rules, settings);
      }
      case DynamicChange.DeleteAll _ -> NONE;
      case DynamicChange.Configure(var setting, var value) -> {
        var more = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
        more.putAll(settings);
        more.put(setting, setting.checked(value));
        yield new DynamicPolicy(mainModes, quickModes, rules, more);
      }
    };
  }

  private static void check(String kind, String name, Map<String, ?> known, boolean isNew) {
    if (isNew && known.containsKey(name)) {
      throw new IllegalArgumentException(
          kind + " '" + name + "' exists already; change it with 'set " + kind + "'");
    }
    if (!isNew && !known.containsKey(name)) throw unknown(kind, name, known);
    if (isNew && known.size() >= MOST) {
      throw new IllegalArgumentException("there are " + MOST + " of kind " + kind + " already");
    }
  }

  private static IllegalArgumentException unknown(String kind, String name, Map<String, ?> known) {
    return new IllegalArgumentException(
        "no dynamic "
            + kind
            + " is called '"
            + name
            + "'; there "
            + (known.isEmpty() ? "is none" : "are " + String.join(", ", known.keySet())));
  }

  private DynamicPolicy put(DynamicRule rule, boolean isNew) {
    if (rule.negotiates()) {
      if (!mainModes.containsKey(rule.mmpolicy())) {
        throw unknown("mmpolicy", rule.mmpolicy(), mainModes);
      }
      if (!quickModes.containsKey(rule.qmpolicy())) {
        throw unknown("qmpolicy", rule.qmpolicy(), quickModes);
      }
    }
    var more = new ArrayList<>(rules);
    boolean known = more.removeIf(rule::isSameAs);
    if (isNew && known) {
      throw new IllegalArgumentException(
          "there is a dynamic rule for " + rule.filter() + " already; change it with 'set rule'");
    }
    if (!isNew && !known) throw noSuchRule(rule);
    if (more.size() >= MOST) {
      throw new IllegalArgumentException("there are " + MOST + " dynamic rules already");
    }
    more.add(rule);
    return new DynamicPolicy(mainModes, quickModes, more, settings);
  }

  private static IllegalArgumentException noSuchRule(DynamicRule rule) {
    return new IllegalArgumentException(
        "no dynamic rule is for "
            + rule.filter()
            + "; rules of a policy are changed where the policy is");
  }

  private static boolean isMeant(Optional<String> name, String used) {
    return !used.isEmpty() && name.map(used::equals).orElse(true);
  }

  private static IllegalArgumentException inUse(String kind, String name, DynamicRule rule) {
    return new IllegalArgumentException(
        kind + " '" + name + "' is used by the rule for " + rule.filter() + "; delete that first");
  }

  private static <T> SortedMap<String, T> without(
      String kind, Optional<String> name, SortedMap<String, T> known) {
    if (name.isEmpty()) return new TreeMap<>();
    var fewer = new TreeMap<>(known);
    if (fewer.remove(name.get()) == null) throw unknown(kind, name.get(), known);
    return fewer;
  }

  /// What the host should enforce with this layer.
  public HostPolicy over(HostPolicy policy) {
    if (isNothing()) return policy;
    return new HostPolicy(
        policy.persistent(),
        policy.domain(),
        policy.local(),
        policy.settings().with(settings),
        policies());
  }

  /// One policy for each main mode, because a rule is negotiated with its policy's.
  private List<IpsecPolicy> policies() {
    var byMainMode = new LinkedHashMap<String, List<IpsecRule>>();
    for (int i = 0; i < rules.size(); i++) {
      DynamicRule rule = rules.get(i);
      String name = rule.negotiates() ? rule.mmpolicy() : "";
      byMainMode
          .computeIfAbsent(name, _ -> new ArrayList<>())
          .addAll(rules(rule, "dynamic " + (i + 1)));
    }
    return byMainMode.entrySet().stream()
        .map(e ->
            new IpsecPolicy(
                "{dynamic}",
                e.getKey().isEmpty() ? "dynamic" : "dynamic, " + e.getKey(),
                "",
                IpsecPolicy.DEFAULT_POLLING_INTERVAL,
                mainModes.getOrDefault(e.getKey(), MainMode.DEFAULT),
                e.getValue()))
        .toList();
  }

  private List<IpsecRule> rules(DynamicRule rule, String name) {
    Filter filter = rule.filter();
    if (rule.inbound() == rule.outbound()) {
      return List.of(rule(rule, name, filter, action(rule, rule.inbound(), false)));
    }
    if (rule.inbound() == Act.PERMIT && rule.outbound() == Act.NEGOTIATE && filter.mirrored()) {
      return List.of(rule(rule, name, filter, action(rule, Act.NEGOTIATE, true)));
    }
    boolean outbound = filter.source() == AddressSpec.Me.ME;
    var both = new ArrayList<IpsecRule>();
    Act forward = outbound ? rule.outbound() : rule.inbound();
    Act back = outbound ? rule.inbound() : rule.outbound();
    both.add(rule(rule, name, oneWay(filter), action(rule, forward, false)));
    if (filter.mirrored()) {
      both.add(rule(rule, name + ", back", oneWay(filter.reversed()), action(rule, back, false)));
    }
    return both;
  }

  private static Filter oneWay(Filter filter) {
    return new Filter(
        filter.source(),
        filter.destination(),
        filter.protocol(),
        filter.sourcePorts(),
        filter.destinationPorts(),
        false,
        filter.description());
  }

  private static IpsecRule rule(DynamicRule rule, String name, Filter filter, FilterAction action) {
    return new IpsecRule(
        "{" + name + "}",
        name,
        "",
        true,
        Optional.of(new FilterList("{" + name + "}", name, "", List.of(filter))),
        action,
        action instanceof Negotiate ? rule.authentication() : List.of(),
        rule.tunnel(),
        rule.networkType());
  }

  /// @param passThrough a first clear packet may come in
  private FilterAction action(DynamicRule rule, Act act, boolean passThrough) {
    return switch (act) {
      case PERMIT -> new FilterAction.Permit("permit");
      case BLOCK -> new FilterAction.Block("block");
      case NEGOTIATE -> {
        Negotiate wanted = Optional.ofNullable(quickModes.get(rule.qmpolicy())).orElseThrow();
        yield new Negotiate(
            rule.qmpolicy(),
            wanted.offers(),
            passThrough || wanted.acceptUnsecuredInbound(),
            wanted.allowFallbackToClear());
      }
    };
  }

  public JsonObject toJson() {
    var values = JsonBuilder.object();
    new TreeMap<>(settings).forEach((setting, value) -> values.put(setting.key(), value));
    return JsonBuilder.object()
        .putAll(
            "mmpolicies",
            mainModes.entrySet(),
            e ->
                JsonBuilder.object()
                    .put("name", e.getKey())
                    .put("mainMode", IpsecJson.write(e.getValue()))
                    .build())
        .putAll(
            "qmpolicies",
            quickModes.entrySet(),
            e ->
                JsonBuilder.object()
                    .put("name", e.getKey())
                    .put("action", IpsecJson.write(e.getValue()))
                    .build())
        .putAll("rules", rules, DynamicRule::toJson)
        .put("settings", values.build())
        .build();
  }
}
