package dev.reeve.cli.rsop;

import dev.reeve.cli.CommandException;
import java.util.List;
import java.util.function.Consumer;

/// Answers questions about policy: from an LDIF file, or by asking a server.
interface PlanSource {

  /// Hands over one answer per computer, by DN, as soon as it is there.
  ///
  /// @return what is wrong with the directory and concerns none of these computers, in words
  List<String> answer(PlanRequest request, Consumer<Answer> to) throws CommandException;
}
