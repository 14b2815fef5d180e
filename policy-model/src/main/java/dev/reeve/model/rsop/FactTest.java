package dev.reeve.model.rsop;

import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.Problem;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Whether a host's facts pass a fact filter: every query must return a row. What cannot be
/// evaluated denies and is reported.
///
/// [Wql] is the language and [WqlProperty] what it may speak of. A class has one instance, the
/// host. A property that the host does not report is NULL; comparing NULL is neither true nor
/// false, so neither `os = 'x'` nor `NOT os = 'x'` returns a row. Text compares without regard to
/// case.
final class FactTest {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,30}(\\.[0-9]{1,30})?");

  private FactTest() {}

  sealed interface Answer {
    enum Passed implements Answer {
      PASSED
    }

    record Failed(String because) implements Answer {}

    record NotEvaluated(Problem.Code code, String detail) implements Answer {}
  }

  static Answer ask(FactFilter filter, Map<String, String> facts) {
    Map<String, String> index = WqlProperty.index(facts);
    Optional<String> without = Optional.empty();
    for (FactFilter.Query query : filter.queries()) {
      try {
        if (!hasRow(query, index) && without.isEmpty()) without = Optional.of(query.text());
      } catch (WqlException e) {
        return new Answer.NotEvaluated(
            Problem.Code.FACT_FILTER_NOT_EVALUATED, shown(query.text()) + ": " + e.getMessage());
      }
    }
    return without
        .<Answer>map(text -> new Answer.Failed("no row for " + shown(text)))
        .orElse(Answer.Passed.PASSED);
  }

  private static String shown(String query) {
    return query.length() > 200 ? query.substring(0, 200) + "…" : query;
  }

  /// The keys of the facts that some query mentions: no other fact makes a difference.
  static Set<String> mentioned(Collection<FactFilter> filters) {
    var keys = new HashSet<String>();
    for (FactFilter filter : filters) {
      for (FactFilter.Query query : filter.queries()) {
        try {
          Wql wql = Wql.parse(query.text());
          for (String name : wql.properties())
            keys.addAll(WqlProperty.sources(wql.className(), name));
          wql.where().ifPresent(condition -> mention(wql, condition, keys));
        } catch (WqlException _) {
          // it denies whatever the facts are
        }
      }
    }
    return keys;
  }

  private static void mention(Wql wql, Wql.Condition condition, Set<String> keys) {
    switch (condition) {
      case Wql.And(var left, var right) -> {
        mention(wql, left, keys);
        mention(wql, right, keys);
      }
      case Wql.Or(var left, var right) -> {
        mention(wql, left, keys);
        mention(wql, right, keys);
      }
      case Wql.Not(var inner) -> mention(wql, inner, keys);
      case Wql.Compare(var name, var _, var _) ->
          keys.addAll(WqlProperty.sources(wql.className(), name));
      case Wql.Like(var name, var _) -> keys.addAll(WqlProperty.sources(wql.className(), name));
      case Wql.IsNull(var name) -> keys.addAll(WqlProperty.sources(wql.className(), name));
    }
  }

  private static boolean hasRow(FactFilter.Query query, Map<String, String> facts) {
    if (!query.namespace().replace('/', '\\').equalsIgnoreCase("root\\CIMv2"))
      throw new WqlException("namespace '" + shown(query.namespace()) + "', expected root\\CIMv2");
    Wql wql = Wql.parse(query.text());
    boolean named = !wql.properties().isEmpty() || wql.where().isPresent();
    if (!named && !WqlProperty.isClass(wql.className()))
      throw new WqlException("class " + wql.className() + " is nothing that hosts report");
    for (String name : wql.properties()) {
      var unused = WqlProperty.find(wql.className(), name, facts);
    }
    return wql.where().map(c -> truth(wql.className(), c, facts) == Truth.TRUE).orElse(true);
  }

  private enum Truth {
    FALSE,
    UNKNOWN,
    TRUE;

    static Truth of(boolean value) {
      return value ? TRUE : FALSE;
    }
  }

  /// Both sides are always evaluated, so that a query which we half understand is never a yes.
  private static Truth truth(String className, Wql.Condition condition, Map<String, String> facts) {
    return switch (condition) {
      case Wql.And(var left, var right) -> {
        Truth one = truth(className, left, facts);
        Truth other = truth(className, right, facts);
        yield one.compareTo(other) <= 0 ? one : other;
      }
      case Wql.Or(var left, var right) -> {
        Truth one = truth(className, left, facts);
        Truth other = truth(className, right, facts);
        yield one.compareTo(other) >= 0 ? one : other;
      }
      case Wql.Not(var inner) ->
          switch (truth(className, inner, facts)) {
            case FALSE -> Truth.TRUE;
            case UNKNOWN -> Truth.UNKNOWN;
            case TRUE -> Truth.FALSE;
          };
      case Wql.IsNull(var name) ->
          Truth.of(WqlProperty.find(className, name, facts).value(facts).isEmpty());
      case Wql.Like(var name, var text) -> {
        WqlProperty property = WqlProperty.find(className, name, facts);
        if (property.type() == WqlProperty.Type.NUMBER)
          throw new WqlException("LIKE on " + name + ", which is a number");
        var pattern = new WqlPattern(text);
        yield property.value(facts).map(v -> Truth.of(pattern.matches(v))).orElse(Truth.UNKNOWN);
      }
      case Wql.Compare(var name, var operator, var constant) -> {
        WqlProperty property = WqlProperty.find(className, name, facts);
        boolean numeric =
            property.type() == WqlProperty.Type.NUMBER
                || property.type() == WqlProperty.Type.PLAIN && constant.number();
        if (numeric && !NUMBER.matcher(constant.text()).matches())
          throw new WqlException(name + " is a number, '" + shown(constant.text()) + "' is none");
        yield property
            .value(facts)
            .map(v -> Truth.of(operator.holds(order(name, v, constant.text(), numeric))))
            .orElse(Truth.UNKNOWN);
      }
    };
  }

  private static int order(String name, String value, String constant, boolean numeric) {
    if (!numeric) return value.compareToIgnoreCase(constant);
    if (!NUMBER.matcher(value).matches())
      throw new WqlException(name + " is '" + shown(value) + "', which is no number");
    return new BigDecimal(value).compareTo(new BigDecimal(constant));
  }
}
