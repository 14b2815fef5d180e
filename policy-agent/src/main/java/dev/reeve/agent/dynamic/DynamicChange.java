package dev.reeve.agent.dynamic;

import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.Optional;

/// One thing to add to, to change in or to take from the dynamic layer.
public sealed interface DynamicChange {

  /// @param isNew it must not exist; else it must
  record PutMainMode(String name, MainMode mainMode, boolean isNew) implements DynamicChange {}

  record PutQuickMode(String name, Negotiate action, boolean isNew) implements DynamicChange {}

  record PutRule(DynamicRule rule, boolean isNew) implements DynamicChange {}

  /// @param rule only what says which one it is counts
  record DeleteRule(DynamicRule rule) implements DynamicChange {}

  /// @param name empty for all
  record DeleteMainModes(Optional<String> name) implements DynamicChange {}

  record DeleteQuickModes(Optional<String> name) implements DynamicChange {}

  /// Settings too.
  enum DeleteAll implements DynamicChange {
    DELETE_ALL
  }

  record Configure(HostSetting setting, JsonValue value) implements DynamicChange {}

  default JsonObject toJson() {
    return switch (this) {
      case PutMainMode(var name, var mainMode, var isNew) ->
          put("put-mmpolicy", isNew)
              .put("name", name)
              .put("mainMode", IpsecJson.write(mainMode))
              .build();
      case PutQuickMode(var name, var action, var isNew) ->
          put("put-qmpolicy", isNew)
              .put("name", name)
              .put("action", IpsecJson.write(action))
              .build();
      case PutRule(var rule, var isNew) ->
          put("put-rule", isNew).put("rule", rule.toJson()).build();
      case DeleteRule(var rule) ->
          JsonBuilder.object().put("change", "delete-rule").put("rule", rule.toJson()).build();
      case DeleteMainModes(var name) ->
          JsonBuilder.object().put("change", "delete-mmpolicy").putOrNull("name", name).build();
      case DeleteQuickModes(var name) ->
          JsonBuilder.object().put("change", "delete-qmpolicy").putOrNull("name", name).build();
      case DeleteAll _ -> JsonBuilder.object().put("change", "delete-all").build();
      case Configure(var setting, var value) ->
          JsonBuilder.object()
              .put("change", "set-config")
              .put("setting", setting.key())
              .put("value", value)
              .build();
    };
  }

  private static JsonBuilder put(String change, boolean isNew) {
    return JsonBuilder.object().put("change", change).put("new", isNew);
  }

  /// @throws dev.reeve.model.json.JsonException naming what is wrong
  public static DynamicChange read(JsonMembers in) {
    String kind = in.string("change");
    DynamicChange change =
        switch (kind) {
          case "put-mmpolicy" ->
              new PutMainMode(
                  name(in), IpsecJson.readMainMode(in.object("mainMode")), in.bool("new"));
          case "put-qmpolicy" -> new PutQuickMode(name(in), negotiate(in), in.bool("new"));
          case "put-rule" -> new PutRule(rule(in), in.bool("new"));
          case "delete-rule" -> new DeleteRule(rule(in));
          case "delete-mmpolicy" -> new DeleteMainModes(in.findString("name"));
          case "delete-qmpolicy" -> new DeleteQuickModes(in.findString("name"));
          case "delete-all" -> DeleteAll.DELETE_ALL;
          case "set-config" -> {
            HostSetting setting =
                HostSetting.find(in.string("setting"))
                    .orElseThrow(() -> in.error("setting", "no host setting of that name"));
            yield new Configure(setting, setting.checked(in.get("value")));
          }
          default -> throw in.error("change", "found '" + kind + "', which is no change");
        };
    in.end();
    return change;
  }

  private static String name(JsonMembers in) {
    String name = in.string("name");
    if (name.isBlank() || name.length() > 255) throw in.error("name", "expected 1..255 characters");
    return name;
  }

  private static Negotiate negotiate(JsonMembers in) {
    FilterAction action = IpsecJson.readAction(in.object("action"));
    if (action instanceof Negotiate negotiate) return negotiate;
    throw in.error("action", "expected one that negotiates");
  }

  private static DynamicRule rule(JsonMembers in) {
    JsonMembers members = in.object("rule");
    DynamicRule rule = DynamicRule.read(members);
    members.end();
    return rule;
  }
}
