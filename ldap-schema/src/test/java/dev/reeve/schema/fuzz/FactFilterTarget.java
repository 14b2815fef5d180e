package dev.reeve.schema.fuzz;

import static dev.reeve.schema.fuzz.FuzzTarget.must;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.Som;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.rsop.LinkVerdict;
import dev.reeve.model.rsop.Reason;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopClasses;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.read.Parsers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// msWMI-Parm2 with the queries in it, asked of two hosts; and gPCWQLFilter, which names one.
final class FactFilterTarget {

  private static final Dn CORP = Dn.parse("DC=corp,DC=example");
  private static final Dn GPO = CORP.below("CN={G},CN=Policies,CN=System");
  private static final Dn HOST = CORP.below("CN=web-01");
  private static final List<Map<String, String>> HOSTS =
      List.of(
          Map.of(),
          Map.of(
              "hostname", "web-01.corp.example",
              "os", "debian",
              "os.version", "12",
              "kernel", "6.1.0",
              "arch", "x86_64",
              "address", "10.1.2.3",
              "role", "web"));

  private FactFilterTarget() {}

  static void check(byte[] data) {
    Parsers.factFilterReference(NameTargets.text(data))
        .ifPresent(dn -> must(dn.attribute().equals("cn"), () -> "reference " + dn));
    Parsers.factFilter(data).ifPresent(FactFilterTarget::check);
  }

  private static void check(FactFilter filter) {
    byte[] again = write(filter).getBytes(StandardCharsets.UTF_8);
    must(
        Parsers.factFilter(again).map(FactFilter::queries).equals(Optional.of(filter.queries())),
        () -> "written again: " + filter);

    DirectorySnapshot snapshot = snapshot(filter);
    var classes = new RsopClasses(snapshot);
    for (Map<String, String> facts : HOSTS) {
      var query =
          new RsopQuery(HOST, Optional.of(CORP), Optional.empty(), List.of(), Set.of(), facts);
      Rsop rsop = Rsop.resolve(snapshot, query);
      LinkVerdict verdict = rsop.links().getFirst();
      boolean told =
          rsop.problems().stream()
              .anyMatch(p -> p.code() == Problem.Code.FACT_FILTER_NOT_EVALUATED);
      must(
          verdict.applied() || verdict.reason().equals(Optional.of(Reason.FACT_FILTERED)),
          () -> verdict.toString());
      must(!verdict.applied() || !told, () -> "not evaluated and applied: " + filter);
      must(verdict.because().length() < 2000, () -> "a sentence nobody reads");
      must(classes.resolve(query).equals(rsop), () -> "another answer by class: " + filter);
    }
  }

  private static String write(FactFilter filter) {
    var text = new StringBuilder().append(filter.queries().size()).append(';');
    for (FactFilter.Query query : filter.queries()) {
      text.append("3;").append(query.namespace().length()).append(';');
      text.append(query.text().length()).append(";WQL;").append(query.namespace()).append(';');
      text.append(query.text()).append(';');
    }
    return text.toString();
  }

  private static DirectorySnapshot snapshot(FactFilter filter) {
    var gpo =
        new Gpo(
            GPO,
            "{G}",
            "filtered",
            false,
            2,
            1,
            SecurityFilter.Everyone.EVERYONE,
            Optional.of(filter.dn()),
            PolicyPointer.None.NONE,
            PolicyPointer.None.NONE,
            HostSettings.DEFAULTS);
    var som = new Som(CORP, Som.Kind.DOMAIN, List.of(new GpLink(GPO, 1, true, false)), false, true);
    return new DirectorySnapshot(
        Map.of(CORP, som),
        Map.of(GPO, gpo),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(filter.dn(), filter),
        Map.of(),
        List.of(),
        List.of());
  }
}
