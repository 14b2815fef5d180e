package dev.reeve.schema.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.rsop.LinkVerdict;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.Reason;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopClasses;
import dev.reeve.model.rsop.RsopJson;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.read.LiveSnapshot;
import dev.reeve.schema.read.SnapshotBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// 500 random domains against [NaiveRsop], and what must never matter.
class RsopAgreementTest {

  private static final int BATCH = 50;
  private static final UnaryOperator<String> AS_IT_IS = dn -> dn;
  private static final SecretSealer NO_KEY =
      _ -> {
        throw new IllegalArgumentException("no policy here has a key");
      };

  /// First seeds of batches: one test for each of 500 domains would spend its time in JUnit.
  static IntStream batches() {
    return IntStream.range(0, 500 / BATCH).map(i -> i * BATCH);
  }

  private static void forEachSeed(int first, IntConsumer check) {
    for (int seed = first; seed < first + BATCH; seed++) {
      try {
        check.accept(seed);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("batches")
  void agrees_with_the_naive_implementation(int first) {
    forEachSeed(first, RsopAgreementTest::compareWithNaive);
  }

  private static void compareWithNaive(int seed) {
    RandomDomain domain = RandomDomain.of(new Random(seed));
    DirectorySnapshot snapshot = RandomSnapshot.of(domain, new Random(seed), AS_IT_IS);
    var classes = new RsopClasses(snapshot);
    for (String computer : domain.computers()) {
      Rsop rsop = Rsop.resolve(snapshot, query(domain, computer));

      assertThat(shown(rsop)).as(domain.toString()).isEqualTo(NaiveRsop.resolve(domain, computer));
      assertThat(classes.resolve(query(domain, computer))).isEqualTo(rsop);
    }
  }

  /// The same for one batch through the product's readers, from entries in any order and spelling.
  @Test
  void agrees_with_the_naive_implementation_when_read_from_a_directory() {
    forEachSeed(0, RsopAgreementTest::compareRead);
  }

  private static void compareRead(int seed) {
    RandomDomain domain = RandomDomain.of(new Random(seed));
    var random = new Random(seed);
    DirectorySnapshot read =
        SnapshotBuilder.build(RandomEntries.of(domain, new Random(1), AS_IT_IS), NO_KEY);
    var live = new LiveSnapshot(NO_KEY);
    live.reset(RandomEntries.of(domain, new Random(2), dn -> scribbled(dn, random)));
    var other = new DirectorySnapshot(live.content());
    for (String computer : domain.computers()) {
      Rsop rsop = Rsop.resolve(read, query(domain, computer));
      Rsop scribbled = Rsop.resolve(other, query(domain, scribbled(computer, random)));

      assertThat(shown(rsop)).as(domain.toString()).isEqualTo(NaiveRsop.resolve(domain, computer));
      assertThat(facts(scribbled)).isEqualTo(facts(rsop));
    }
  }

  private static RsopQuery query(RandomDomain domain, String computer) {
    return new RsopQuery(
        Dn.parse(computer),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Set.of(),
        domain.facts());
  }

  private static NaiveRsop.Answer shown(Rsop rsop) {
    var settings = new TreeMap<String, String>();
    rsop.settings()
        .values()
        .forEach((setting, sourced) ->
            settings.put(
                setting.key(), JsonText.write(sourced.value()) + "@" + sourced.by().name()));
    return new NaiveRsop.Answer(
        rsop.links().stream().map(RsopAgreementTest::shown).toList(),
        shown(rsop.assignment()),
        shown(rsop.persistent()),
        settings,
        rsop.settings().complete(),
        rsop.problems().stream()
            .filter(p ->
                p.code() == Problem.Code.FACT_FILTER_NOT_EVALUATED
                    || p.code() == Problem.Code.FACT_FILTER_MISSING)
            .map(p -> RandomDomain.filterName(Dn.parse(p.dn()).name()))
            .collect(Collectors.toCollection(TreeSet::new)),
        rsop.site().orElse("-"));
  }

  private static String shown(LinkVerdict verdict) {
    String outcome =
        verdict.reason().map(Enum::name).orElseGet(() -> "" + verdict.precedence().getAsInt());
    return verdict.link().gpo().name().replaceAll("[{}]", "") + "@" + verdict.som() + " " + outcome;
  }

  private static String shown(PolicyResult result) {
    return switch (result) {
      case PolicyResult.Assigned(var by, var _, var _) -> by.name();
      case PolicyResult.Unassigned _ -> "none";
      case PolicyResult.Unknown _ -> "unknown";
    };
  }

  @ParameterizedTest
  @MethodSource("batches")
  void the_order_of_entries_never_matters(int first) {
    forEachSeed(first, RsopAgreementTest::compareOrders);
  }

  private static void compareOrders(int seed) {
    RandomDomain domain = RandomDomain.of(new Random(seed));
    DirectorySnapshot one = RandomSnapshot.of(domain, new Random(1), AS_IT_IS);
    DirectorySnapshot other = RandomSnapshot.of(domain, new Random(2), AS_IT_IS);
    for (String computer : domain.computers()) {
      RsopQuery query = query(domain, computer);

      assertThat(JsonText.write(RsopJson.write(Rsop.resolve(one, query))))
          .isEqualTo(JsonText.write(RsopJson.write(Rsop.resolve(other, query))));
    }
  }

  @ParameterizedTest
  @MethodSource("batches")
  void case_and_spacing_of_names_never_matter(int first) {
    forEachSeed(first, RsopAgreementTest::compareSpellings);
  }

  private static void compareSpellings(int seed) {
    RandomDomain domain = RandomDomain.of(new Random(seed));
    DirectorySnapshot one = RandomSnapshot.of(domain, new Random(seed), AS_IT_IS);
    var random = new Random(seed);
    DirectorySnapshot other =
        RandomSnapshot.of(domain, new Random(seed), dn -> scribbled(dn, random));
    for (String computer : domain.computers()) {
      Rsop plain = Rsop.resolve(one, query(domain, computer));
      Rsop scribbled = Rsop.resolve(other, query(domain, scribbled(computer, random)));

      assertThat(facts(scribbled)).isEqualTo(facts(plain));
    }
  }

  private static String scribbled(String dn, Random random) {
    var out = new StringBuilder();
    for (int i = 0; i < dn.length(); i++) {
      String c = dn.substring(i, i + 1);
      boolean space = (c.equals(",") || c.equals("=")) && random.nextInt(4) == 0;
      if (space) out.append(' ');
      out.append(random.nextBoolean() ? c.toUpperCase(Locale.ROOT) : c.toLowerCase(Locale.ROOT));
      if (space) out.append("  ");
    }
    return out.toString();
  }

  /// Everything but the way names are written.
  private static List<Object> facts(Rsop rsop) {
    return List.of(
        rsop.computer(),
        rsop.site().map(s -> s.toLowerCase(Locale.ROOT)),
        rsop.containers(),
        rsop.links().stream()
            .map(v -> List.of(v.link(), v.som(), v.reason(), v.precedence(), v.gpoName()))
            .toList(),
        rsop.assignment() instanceof PolicyResult.Assigned(var by, var dn, var _)
            ? List.of(by.dn(), dn)
            : rsop.assignment().getClass(),
        rsop.persistent() instanceof PolicyResult.Assigned(var by, var dn, var _)
            ? List.of(by.dn(), dn)
            : rsop.persistent().getClass(),
        shown(rsop).settings(),
        rsop.settings().complete(),
        rsop.problems().stream().map(Problem::code).distinct().sorted().toList());
  }

  @Test
  void the_random_domains_show_every_kind_of_answer() {
    var seen = new HashMap<String, Integer>();
    for (int seed = 0; seed < 500; seed++) {
      RandomDomain domain = RandomDomain.of(new Random(seed));
      DirectorySnapshot snapshot = RandomSnapshot.of(domain, new Random(seed), AS_IT_IS);
      for (String computer : domain.computers()) {
        Rsop rsop = Rsop.resolve(snapshot, query(domain, computer));
        seen.merge(rsop.assignment().getClass().getSimpleName(), 1, Integer::sum);
        seen.merge("persistent " + rsop.persistent().getClass().getSimpleName(), 1, Integer::sum);
        seen.merge("complete " + rsop.settings().complete(), 1, Integer::sum);
        for (Problem problem : rsop.problems()) seen.merge(problem.code().name(), 1, Integer::sum);
        if (rsop.problems().stream()
            .anyMatch(p -> p.dn().equals(Dn.parse(RandomDomain.DARK).key())))
          seen.merge("a member in a hidden container", 1, Integer::sum);
        if (rsop.problems().stream()
            .anyMatch(p -> p.dn().equals(Dn.parse(RandomDomain.BARE).key())))
          seen.merge("a member whose name alone is shown", 1, Integer::sum);
        seen.merge(rsop.site().isPresent() ? "in a site" : "in no site", 1, Integer::sum);
        for (LinkVerdict verdict : rsop.links()) {
          seen.merge(verdict.reason().map(Enum::name).orElse("applied"), 1, Integer::sum);
          if (verdict.because().contains("may not read it"))
            seen.merge("a GPO that the computer may not read", 1, Integer::sum);
        }
      }
    }
    for (String kind :
        List.of("Assigned", "Unassigned", "Unknown", "in a site", "in no site", "applied"))
      assertThat(seen.getOrDefault(kind, 0)).as(kind).isGreaterThan(100);
    for (Reason reason : Reason.values())
      assertThat(seen.getOrDefault(reason.name(), 0)).as(reason.name()).isGreaterThan(20);
    for (String kind :
        List.of(
            "persistent Assigned",
            "persistent Unassigned",
            "persistent Unknown",
            "complete true",
            "complete false",
            "FACT_FILTER_NOT_EVALUATED",
            "FACT_FILTER_MISSING",
            "a GPO that the computer may not read",
            "a member in a hidden container",
            "a member whose name alone is shown"))
      assertThat(seen.getOrDefault(kind, 0)).as(kind).isGreaterThan(10);
  }
}
