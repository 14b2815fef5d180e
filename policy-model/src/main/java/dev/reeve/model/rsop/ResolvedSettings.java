package dev.reeve.model.rsop;

import dev.reeve.model.gp.Gpo;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonValue;
import java.util.EnumMap;
import java.util.Map;

/// Host settings, each key from the GPO of highest precedence that has it.
///
/// @param complete false when a GPO that could have set one is missing or unreadable: the host
///   keeps what it has
public record ResolvedSettings(Map<HostSetting, Sourced> values, boolean complete) {

  public ResolvedSettings {
    values = Map.copyOf(values);
  }

  public record Sourced(JsonValue value, Gpo by) {}

  public HostSettings toSettings() {
    var plain = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
    values.forEach((setting, sourced) -> plain.put(setting, sourced.value()));
    return new HostSettings(plain);
  }
}
