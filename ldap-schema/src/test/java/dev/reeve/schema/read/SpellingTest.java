package dev.reeve.schema.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.rsop.LinkVerdict;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.names.LdapAttribute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One directory, answered in another order and written in another hand: every DN in other letter
/// case and spacing, as an entry's name, as a value and within gPLink; values and classes in
/// another order. The answer to every computer is the same.
class SpellingTest {

  private static final List<LdapEntry> CORP =
      TestEntries.ldif(TestEntries.resource("/samples/corp.ldif"));

  private static final Set<LdapAttribute> NAMES =
      Set.of(
          LdapAttribute.MEMBER,
          LdapAttribute.UNIQUE_MEMBER,
          LdapAttribute.SITE_OBJECT,
          LdapAttribute.IPSEC_OWNERS_REFERENCE,
          LdapAttribute.IPSEC_ISAKMP_REFERENCE,
          LdapAttribute.IPSEC_NFA_REFERENCE,
          LdapAttribute.IPSEC_NEGOTIATION_POLICY_REFERENCE,
          LdapAttribute.IPSEC_FILTER_REFERENCE,
          LdapAttribute.REEVE_APPLY_GROUP,
          LdapAttribute.REEVE_DENY_GROUP);

  /// A DN between `LDAP://` and the option.
  private static final Pattern LINK = Pattern.compile("(?i)(LDAP://)([^;]+)(;[0-9]+])");

  static IntStream seeds() {
    return IntStream.range(0, 25);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void order_case_and_spacing_never_matter(int seed) {
    var random = new Random(seed);
    Collection<LdapEntry> entries = domain(random, seed);
    var respelled = new ArrayList<LdapEntry>();
    for (LdapEntry entry : entries) respelled.add(respelled(entry, random));
    Collections.shuffle(respelled, random);
    var live = new LiveSnapshot(TestEntries.SEALER);
    live.reset(respelled);

    DirectorySnapshot plain = SnapshotBuilder.build(entries, TestEntries.SEALER);
    DirectorySnapshot other = SnapshotBuilder.build(respelled, TestEntries.SEALER);
    var incremental = new DirectorySnapshot(live.content());

    assertThat(plain.computers()).isNotEmpty();
    for (Dn computer : plain.computers().keySet()) {
      List<Object> expected = answer(plain, computer);
      Dn name = Dn.parse(scribbled(computer.toString(), random));
      assertThat(answer(other, name)).as("full, seed %d", seed).isEqualTo(expected);
      assertThat(answer(incremental, name)).as("live, seed %d", seed).isEqualTo(expected);
    }
  }

  /// The sample domain, after some changes.
  private static Collection<LdapEntry> domain(Random random, int seed) {
    if (seed == 0) return CORP;
    var changes = new RandomChanges(random, CORP);
    var live = new LiveSnapshot(TestEntries.SEALER);
    changes.reset(live);
    for (int i = 0; i < 40; i++) changes.next(live);
    return changes.entries();
  }

  private static LdapEntry respelled(LdapEntry entry, Random random) {
    Entry copy = entry.toEntry();
    for (Attribute attribute : List.copyOf(copy.getAttributes())) {
      String name = attribute.getName();
      boolean names = NAMES.stream().anyMatch(a -> a.ldapName().equalsIgnoreCase(name));
      boolean links = name.equalsIgnoreCase(LdapAttribute.GP_LINK.ldapName());
      boolean classes = name.equalsIgnoreCase(LdapAttribute.OBJECT_CLASS.ldapName());
      if (!names && !links && !classes) continue;
      List<String> values =
          new ArrayList<>(entry.bytes(name).stream().map(SpellingTest::text).toList());
      if (values.stream().anyMatch(v -> v.contains("\\") || v.contains("\ufffd"))) continue;
      if (names) values.replaceAll(v -> Dn.find(v).isPresent() ? scribbled(v, random) : v);
      if (links)
        values.replaceAll(v ->
            LINK.matcher(v)
                .replaceAll(m ->
                    java.util.regex.Matcher.quoteReplacement(
                        m.group(1) + scribbled(m.group(2), random) + m.group(3))));
      if (classes) values.replaceAll(v -> cased(v, random));
      if (!links) Collections.shuffle(values, random);
      copy.setAttribute(name, values);
    }
    return LdapEntry.of(copy).withDn(Dn.parse(scribbled(entry.dn().toString(), random)));
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  private static String scribbled(String dn, Random random) {
    if (dn.contains("\\")) return dn;
    return Arrays.stream(cased(dn, random).split(",", -1))
        .map(rdn -> random.nextInt(3) > 0 ? rdn : " " + rdn.replaceFirst("=", " = ") + " ")
        .collect(Collectors.joining(","));
  }

  private static String cased(String text, Random random) {
    var out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      String c = text.substring(i, i + 1);
      out.append(text.charAt(i) > 127 || random.nextBoolean() ? c : flipped(c));
    }
    return out.toString();
  }

  private static String flipped(String c) {
    String upper = c.toUpperCase(Locale.ROOT);
    return upper.equals(c) ? c.toLowerCase(Locale.ROOT) : upper;
  }

  /// Everything but the way names are written.
  private static List<Object> answer(DirectorySnapshot snapshot, Dn computer) {
    Rsop rsop = Rsop.resolve(snapshot, RsopQuery.of(computer));
    Map<String, String> settings = new TreeMap<>();
    rsop.settings()
        .values()
        .forEach((setting, sourced) ->
            settings.put(setting.key(), sourced.value() + " of " + sourced.by().dn().key()));
    return List.of(
        rsop.computer(),
        rsop.site().map(s -> s.toLowerCase(Locale.ROOT)),
        rsop.containers(),
        rsop.links().stream().map(SpellingTest::facts).toList(),
        facts(rsop.assignment()),
        facts(rsop.persistent()),
        settings,
        rsop.settings().complete(),
        rsop.problems().stream().map(Problem::code).sorted().toList());
  }

  private static List<Object> facts(LinkVerdict verdict) {
    return List.of(
        verdict.link(),
        verdict.som(),
        verdict.reason(),
        verdict.precedence(),
        verdict.gpoName().map(n -> n.toLowerCase(Locale.ROOT)));
  }

  private static List<Object> facts(PolicyResult result) {
    return switch (result) {
      case PolicyResult.Assigned(var by, var dn, var policy) -> List.of(by.dn(), dn, policy);
      case PolicyResult.Unassigned _ -> List.of("none");
      case PolicyResult.Unknown _ -> List.of("unknown");
    };
  }
}
