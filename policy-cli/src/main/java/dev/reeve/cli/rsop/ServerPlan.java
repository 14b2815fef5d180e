package dev.reeve.cli.rsop;

import dev.reeve.cli.CommandException;
import dev.reeve.model.gp.Dn;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;

/// Plans by asking a policy server.
final class ServerPlan implements PlanSource {

  private final PolicyServer server;

  ServerPlan(PolicyServer server) {
    this.server = server;
  }

  @Override
  public List<String> answer(PlanRequest request, Consumer<Answer> to) throws CommandException {
    server.ask(
        query(request),
        json -> {
          Answer answer = Answer.received(json);
          if (Dn.find(answer.document().computer()).map(request::isAsked).orElse(true))
            to.accept(answer);
        });
    return List.of();
  }

  private static String query(PlanRequest request) {
    var query = new StringJoiner("&");
    request
        .computer()
        .ifPresentOrElse(
            computer -> query.add(PolicyServer.parameter("computer", computer)),
            () -> query.add("all=true"));
    request.container().ifPresent(dn -> query.add(PolicyServer.parameter("ou", dn.toString())));
    request.site().ifPresent(site -> query.add(PolicyServer.parameter("site", site)));
    request
        .addresses()
        .forEach(address -> query.add(PolicyServer.parameter("address", address.toString())));
    request.groups().stream()
        .sorted()
        .forEach(group -> query.add(PolicyServer.parameter("group", group.toString())));
    request
        .facts()
        .forEach((name, value) -> query.add(PolicyServer.parameter("fact", name + "=" + value)));
    return query.toString();
  }
}
