package dev.reeve.benchmarks;

import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import java.math.BigDecimal;
import java.math.MathContext;

/// One measured figure beside what it is compared with.
///
/// @param figure what was measured, for people
/// @param against the peer or limit, for people
/// @param ratio value / against value; the median over the rounds where there are several, so it
///   need not be the quotient of the two medians
/// @param goal what is wanted, for people
public record Figure(
    String benchmark,
    String figure,
    double value,
    String unit,
    String against,
    double againstValue,
    double ratio,
    String goal,
    boolean met) {

  private static final MathContext DIGITS = new MathContext(4);

  /// One JSON object on one line.
  public String toJson() {
    return "{\"benchmark\":%s,\"figure\":%s,\"value\":%s,\"unit\":%s,\"against\":%s,\"against_value\":%s,\"ratio\":%s,\"goal\":%s,\"met\":%s}"
        .formatted(
            quoted(benchmark),
            quoted(figure),
            number(value),
            quoted(unit),
            quoted(against),
            number(againstValue),
            number(ratio),
            quoted(goal),
            met);
  }

  private static String quoted(String text) {
    return JsonText.write(JsonValue.of(text));
  }

  /// Four digits that count, never an exponent.
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) return "null";
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }
}
