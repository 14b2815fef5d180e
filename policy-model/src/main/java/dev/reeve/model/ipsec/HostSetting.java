package dev.reeve.model.ipsec;

import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonBoolean;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonString;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The fixed list of host security settings. A value is checked once, by [#checked]; what is out of
/// range is an error.
public enum HostSetting {
  /// What passes until a policy is applied after boot.
  BOOT_MODE("bootMode", new OneOf("stateful", "block", "permit")),
  /// Traffic that passes even then: [BootExemption].
  BOOT_EXEMPTIONS("bootExemptions", new Exemptions()),
  /// Default exemptions: 0 all, 1 without Kerberos and RSVP, 2 without multicast and broadcast, 3
  /// IKE only.
  IPSEC_EXEMPT("ipsecExempt", new Between(0, 3)),
  /// 0 no CRL check, 1 fail when revoked, 2 fail on any CRL trouble.
  STRONG_CRL_CHECK("strongCrlCheck", new Between(0, 2)),
  IKE_LOGGING("ikeLogging", new Between(0, 1)),
  IPSEC_DIAGNOSTICS("ipsecDiagnostics", new Between(0, 7)),
  /// Seconds.
  IPSEC_LOG_INTERVAL("ipsecLogInterval", new Between(60, 86_400)),
  /// DNs of groups, domains and computers that may associate with this host when account mapping is
  /// on.
  NETWORK_ALLOW("networkAllow", new Strings(Pattern.compile(".+=.+"))),
  /// DNs that may not; deny wins.
  NETWORK_DENY("networkDeny", new Strings(Pattern.compile(".+=.+"))),
  /// Allows DES, 3DES, MD5 and DH groups 1 and 2.
  LEGACY("legacy", new Switch()),
  /// Interfaces whose addresses are not "me".
  ME_PRIVATE("mePrivate", new Strings(Pattern.compile("[A-Za-z0-9_.:@-]{1,15}")));

  private sealed interface Shape {}

  private record OneOf(List<String> words) implements Shape {
    OneOf(String... words) {
      this(List.of(words));
    }
  }

  private record Between(long least, long most) implements Shape {}

  private record Strings(Pattern item) implements Shape {}

  private record Switch() implements Shape {}

  private record Exemptions() implements Shape {
    boolean accepts(String text) {
      try {
        BootExemption unused = BootExemption.parse(text);
        return true;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }

  private final String key;
  private final Shape shape;

  HostSetting(String key, Shape shape) {
    this.key = key;
    this.shape = shape;
  }

  public static Optional<HostSetting> find(String key) {
    return Arrays.stream(values()).filter(s -> s.key.equals(key)).findFirst();
  }

  /// As it stands in JSON.
  public String key() {
    return key;
  }

  /// @throws JsonException when `value` has the wrong type or is out of range
  public JsonValue checked(JsonValue value) {
    boolean good =
        switch (shape) {
          case OneOf(var words) -> value instanceof JsonString(var word) && words.contains(word);
          case Between(var least, var most) ->
              value instanceof JsonNumber(var n) && least <= n && n <= most;
          case Strings(var item) ->
              value instanceof JsonArray(var items)
                  && items.stream()
                      .allMatch(i -> i instanceof JsonString(var s) && item.matcher(s).matches());
          case Switch _ -> value instanceof JsonBoolean;
          case Exemptions exemptions ->
              value instanceof JsonArray(var items)
                  && items.stream()
                      .allMatch(i -> i instanceof JsonString(var s) && exemptions.accepts(s));
        };
    if (good) return value;
    throw new JsonException(key, "found " + shown(value) + ", expected " + wanted());
  }

  private static String shown(JsonValue value) {
    return switch (value) {
      case JsonString(var text) -> "'" + text + "'";
      case JsonNumber(var number) -> Long.toString(number);
      default -> value.kind();
    };
  }

  private String wanted() {
    return switch (shape) {
      case OneOf(var words) -> "one of " + String.join(", ", words);
      case Between(var least, var most) -> least + ".." + most;
      case Strings(var item) -> "an array of strings like " + item.pattern();
      case Switch _ -> "true or false";
      case Exemptions _ -> "an array of strings like TCP:80:80:outbound, ports 0..65535";
    };
  }
}
