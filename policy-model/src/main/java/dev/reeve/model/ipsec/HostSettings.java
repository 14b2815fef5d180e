package dev.reeve.model.ipsec;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonBoolean;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The host settings that somebody set, each one checked; whatever is absent has its default.
public record HostSettings(Map<HostSetting, JsonValue> values) {

  public static final HostSettings DEFAULTS = new HostSettings(Map.of());

  public HostSettings {
    var checked = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
    values.forEach((setting, value) -> checked.put(setting, setting.checked(value)));
    values = Collections.unmodifiableMap(checked);
  }

  /// @throws JsonException for an unknown key or a value out of range
  public static HostSettings read(JsonMembers members) {
    var values = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
    members
        .rest()
        .forEach((key, value) -> {
          HostSetting setting =
              HostSetting.find(key)
                  .orElseThrow(() -> members.error(key, "no host setting of that name"));
          try {
            values.put(setting, setting.checked(value));
          } catch (JsonException e) {
            throw new JsonException(members.path(), String.valueOf(e.getMessage()));
          }
        });
    return new HostSettings(values);
  }

  /// With others instead of these.
  public HostSettings with(Map<HostSetting, JsonValue> others) {
    var all = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
    all.putAll(values);
    all.putAll(others);
    return new HostSettings(all);
  }

  /// Keys in their fixed order.
  public JsonObject toJson() {
    var json = JsonBuilder.object();
    values.forEach((setting, value) -> json.put(setting.key(), value));
    return json.build();
  }

  /// Whether somebody set it; else it has its default.
  public boolean sets(HostSetting setting) {
    return values.containsKey(setting);
  }

  public String bootMode() {
    return values.get(HostSetting.BOOT_MODE) instanceof JsonString(var mode) ? mode : "stateful";
  }

  public List<BootExemption> bootExemptions() {
    return strings(HostSetting.BOOT_EXEMPTIONS).stream().map(BootExemption::parse).toList();
  }

  public int ipsecExempt() {
    return number(HostSetting.IPSEC_EXEMPT, 3);
  }

  public int strongCrlCheck() {
    return number(HostSetting.STRONG_CRL_CHECK, 0);
  }

  public boolean ikeLogging() {
    return number(HostSetting.IKE_LOGGING, 0) > 0;
  }

  /// 0..7; 7 logs each dropped packet, as far as a limit allows.
  public int ipsecDiagnostics() {
    return number(HostSetting.IPSEC_DIAGNOSTICS, 0);
  }

  /// How often counters are written to the log.
  public Duration ipsecLogInterval() {
    return Duration.ofSeconds(number(HostSetting.IPSEC_LOG_INTERVAL, 3600));
  }

  /// DNs; empty when every host may associate that is not denied.
  public List<String> networkAllow() {
    return strings(HostSetting.NETWORK_ALLOW);
  }

  /// DNs; these win.
  public List<String> networkDeny() {
    return strings(HostSetting.NETWORK_DENY);
  }

  public boolean legacy() {
    return values.get(HostSetting.LEGACY) == JsonBoolean.TRUE;
  }

  public List<String> mePrivate() {
    return strings(HostSetting.ME_PRIVATE);
  }

  private int number(HostSetting setting, int otherwise) {
    return values.get(setting) instanceof JsonNumber(var number) ? (int) number : otherwise;
  }

  private List<String> strings(HostSetting setting) {
    return values.get(setting) instanceof JsonArray(var items)
        ? items.stream().map(item -> ((JsonString) item).value()).toList()
        : List.of();
  }
}
