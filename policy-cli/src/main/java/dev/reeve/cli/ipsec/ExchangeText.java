package dev.reeve.cli.ipsec;

import dev.reeve.cli.text.Page;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Effect;
import java.util.List;
import java.util.Locale;

/// What an exchange did, in words and in JSON.
final class ExchangeText {

  private ExchangeText() {}

  static List<String> lines(List<IpsecPolicy> written, List<Finding> findings, String where) {
    var page = new Page();
    page.text(
        0,
        written.size()
            + (written.size() == 1 ? " policy" : " policies")
            + " written to "
            + where
            + (written.isEmpty() ? "." : ":"));
    written.forEach(policy -> page.text(2, 4, "\"" + policy.name() + "\" " + policy.id()));
    for (Effect effect : List.of(Effect.REFUSED, Effect.LEFT_OUT, Effect.CHANGED, Effect.NOTE)) {
      List<Finding> those = findings.stream().filter(f -> f.effect() == effect).toList();
      if (those.isEmpty()) continue;
      page.blank().text(0, title(effect));
      those.forEach(finding -> page.text(2, 4, sentence(finding)));
    }
    return page.lines();
  }

  private static String title(Effect effect) {
    return switch (effect) {
      case REFUSED -> "Not written: the policy would not be itself";
      case LEFT_OUT -> "Left out";
      case CHANGED -> "Changed";
      case NOTE -> "To know";
    };
  }

  private static String sentence(Finding finding) {
    String policy = finding.policy().isBlank() ? "" : "\"" + finding.policy() + "\", ";
    String place = (policy + finding.object()).replaceFirst(", $", "");
    return (place.isEmpty() ? "" : place + ": ") + finding.detail() + " [" + finding.code() + "]";
  }

  static JsonObject json(List<IpsecPolicy> written, List<Finding> findings, String where) {
    return JsonBuilder.object()
        .put("to", where)
        .putAll(
            "written",
            written,
            policy ->
                JsonBuilder.object().put("id", policy.id()).put("name", policy.name()).build())
        .putAll(
            "findings",
            findings,
            finding ->
                JsonBuilder.object()
                    .put("effect", finding.effect().name().toLowerCase(Locale.ROOT))
                    .put("code", finding.code().name())
                    .put("policy", finding.policy())
                    .put("object", finding.object())
                    .put("detail", finding.detail())
                    .build())
        .build();
  }
}
