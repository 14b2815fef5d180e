package dev.reeve.cli.rsop;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.text.RsopDocument;
import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopClasses;
import dev.reeve.schema.read.LdifException;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.schema.read.SnapshotBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Plans on an LDIF export, with no server.
final class LdifPlan implements PlanSource {

  /// Planning needs no secret: what Microsoft's objects hold readable is forgotten here.
  private static final SecretSealer FORGETTING =
      secret -> {
        Arrays.fill(secret, (byte) 0);
        return SealedSecret.ofBytes(new byte[] {0});
      };

  private final String file;
  private final DirectorySnapshot snapshot;
  private final RsopClasses classes;

  /// @param file what to call it in messages
  LdifPlan(String file, DirectorySnapshot snapshot) {
    this.file = file;
    this.snapshot = snapshot;
    this.classes = new RsopClasses(snapshot);
  }

  static LdifPlan open(Path file) throws CommandException {
    try {
      return new LdifPlan(file.toString(), SnapshotBuilder.build(LdifFile.read(file), FORGETTING));
    } catch (LdifException e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<String> answer(PlanRequest request, Consumer<Answer> to) throws CommandException {
    var shown = new HashSet<Problem>();
    for (Dn computer : computers(request)) {
      Rsop rsop = resolve(request, computer);
      shown.addAll(rsop.problems());
      to.accept(new Answer.Computed(rsop));
    }
    return others(request, shown);
  }

  Rsop resolve(PlanRequest request, Dn computer) {
    return classes.resolve(request.about(computer));
  }

  boolean has(Dn computer) {
    return snapshot.findComputer(computer).isPresent();
  }

  /// What is wrong and was not shown with an answer.
  List<String> others(PlanRequest request, Set<Problem> shown) {
    var others = new ArrayList<String>();
    for (Dn group : request.groups().stream().sorted().toList()) {
      if (snapshot.findGroup(group).isEmpty())
        others.add(group + ": no such group; assumed all the same");
    }
    snapshot.problems().stream()
        .filter(problem -> !shown.contains(problem))
        .map(RsopDocument::text)
        .distinct()
        .forEach(others::add);
    return List.copyOf(others);
  }

  /// The computers asked about, by name.
  List<Dn> computers(PlanRequest request) throws CommandException {
    if (request.computer().isEmpty()) {
      List<Dn> all =
          snapshot.computers().keySet().stream().filter(request::isAsked).sorted().toList();
      if (all.isEmpty())
        throw failed(
            "holds no computer entry" + request.under().map(dn -> " under " + dn).orElse(""));
      return all;
    }
    String wanted = request.computer().get();
    Optional<Dn> dn = Dn.find(wanted);
    if (dn.isPresent()) {
      if (request.container().isEmpty() && snapshot.findComputer(dn.get()).isEmpty()) {
        throw notFound(wanted, dn.get());
      }
      return List.of(snapshot.findComputer(dn.get()).map(Computer::dn).orElse(dn.get()));
    }
    List<Dn> named = named(wanted);
    if (named.size() == 1) return named;
    if (named.isEmpty()) throw failed("has no computer named " + wanted);
    throw failed(
        "has " + named.size() + " computers named " + wanted + "; give the DN of one: " + named);
  }

  /// Computers that people call so: by host name, its first label, or the entry's name.
  private List<Dn> named(String name) {
    var found = new ArrayList<Dn>();
    for (Computer computer : snapshot.computers().values()) {
      String host = computer.name();
      int dot = host.indexOf('.');
      if (host.equalsIgnoreCase(name)
          || dot > 0 && host.substring(0, dot).equalsIgnoreCase(name)
          || computer.dn().name().equalsIgnoreCase(name)) {
        found.add(computer.dn());
      }
    }
    found.sort(null);
    return found;
  }

  private CommandException notFound(String wanted, Dn dn) {
    List<Dn> same = named(dn.name());
    String why =
        snapshot.problems().stream()
            .filter(problem -> Dn.find(problem.dn()).filter(dn::equals).isPresent())
            .map(RsopDocument::text)
            .findFirst()
            .map(text -> ": " + text)
            .orElse("");
    String hint =
        !same.isEmpty()
            ? "; did you mean " + same.getFirst() + "?"
            : why.isEmpty() ? "; with --ou it need not exist" : "";
    return failed("has no computer " + wanted + why + hint);
  }

  private CommandException failed(String what) {
    return new CommandException(ExitCode.FAILED, file + " " + what);
  }
}
