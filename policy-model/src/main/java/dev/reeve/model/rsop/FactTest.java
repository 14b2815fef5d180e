package dev.reeve.model.rsop;

import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.Problem;
import java.util.Map;

/// Whether a host's facts pass a fact filter. What cannot be evaluated denies and is reported.
final class FactTest {

  private FactTest() {}

  sealed interface Answer {
    enum Passed implements Answer {
      PASSED
    }

    record Failed(String because) implements Answer {}

    record NotEvaluated(Problem.Code code, String detail) implements Answer {}
  }

  static Answer ask(FactFilter filter, Map<String, String> facts) {
    return new Answer.NotEvaluated(
        Problem.Code.FACT_FILTER_NOT_EVALUATED,
        filter.queries().size()
            + " WQL queries over "
            + facts.size()
            + " facts; this version evaluates none");
  }
}
