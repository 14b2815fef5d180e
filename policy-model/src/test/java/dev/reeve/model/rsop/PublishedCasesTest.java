package dev.reeve.model.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonBoolean;
import dev.reeve.model.json.JsonValue.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Precedence as others published it; the files say where each case is from.
class PublishedCasesTest {

  private static final Pattern LINK =
      Pattern.compile("\\[LDAP://cn=(\\{[^}]+\\})[^;]*;(\\d)]", Pattern.CASE_INSENSITIVE);

  private static JsonMembers file(String name) throws IOException {
    try (InputStream in = PublishedCasesTest.class.getResourceAsStream("/precedence/" + name)) {
      return JsonText.parseObject(Objects.requireNonNull(in).readAllBytes());
    }
  }

  private static JsonMembers published(String id) throws IOException {
    var found = new ArrayList<JsonMembers>();
    file("published-precedence-cases.json")
        .objects(
            "cases",
            item -> {
              boolean wanted = item.string("id").equals(id);
              Map<String, JsonValue> rest = item.rest();
              if (wanted) found.add(JsonMembers.of("$", new JsonValue.JsonObject(rest)));
              return item;
            });
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  /// The last entry of gPLink is link order 1.
  private static String cell(String gpLink) {
    var links = new ArrayList<String>();
    for (Matcher link = LINK.matcher(gpLink); link.find(); ) {
      int options = Integer.parseInt(link.group(2));
      links.add(link.group(1) + ((options & 2) != 0 ? "!" : "") + ((options & 1) != 0 ? "~" : ""));
    }
    Collections.reverse(links);
    return String.join(" ", links);
  }

  private static List<String> applied(Rsop rsop) {
    return rsop.links().stream()
        .filter(LinkVerdict::applied)
        .map(verdict -> verdict.gpoName().orElseThrow())
        .toList();
  }

  @Test
  void sixteen_gpos_are_in_the_order_that_windows_showed() throws IOException {
    JsonMembers file = file("windows-gpo-order-16.json");
    var cells = new HashMap<Dn, String>();
    String site =
        file.objects(
                "containers",
                container -> {
                  String dn = container.string("dn");
                  var links = new ArrayList<String>();
                  container.objects(
                      "links",
                      link -> {
                        assertThat(link.number("link_order")).isEqualTo(links.size() + 1);
                        links.add(
                            link.string("gpo")
                                + (link.bool("enforced") ? "!" : "")
                                + (link.bool("enabled") ? "" : "~"));
                        return link;
                      });
                  cells.put(Dn.parse(dn), String.join(" ", links));
                  container.strings("derived_gPLink_order_first_to_last");
                  return container.string("type").equals("site") ? dn : "";
                })
            .getFirst();
    String target = file.string("target");
    var directory = new TestDirectory().computer(mapped(target));
    cells.forEach((dn, cell) -> {
      if (dn.equals(Dn.parse(site))) directory.site(dn.name(), cell);
      else directory.som(mapped(dn.toString()), cell);
    });

    Rsop rsop = directory.resolve(mapped(target));

    List<String> expected = file.strings("expected_windows_priority_first_wins");
    assertThat(expected).hasSize(16);
    assertThat(applied(rsop)).isEqualTo(expected);
    assertThat(TestDirectory.shown(rsop.assignment())).isEqualTo(expected.getFirst());
    assertThat(applied(rsop))
        .isNotEqualTo(file.strings("samba_gpupdate_rsop_application_order_last_wins").reversed());
  }

  /// The test directory has one domain.
  private static String mapped(String dn) {
    return dn.replace("DC=domain,DC=example", "DC=corp")
        .replace("DC=test,DC=contoso,DC=com", "DC=corp");
  }

  @Test
  void the_example_of_ms_gpol() throws IOException {
    JsonMembers example = published("msgpol-4.1");
    String target = mapped(example.string("target"));
    String site = example.string("site");
    var directory = new TestDirectory().site(site, "").computer(target);
    example.objects(
        "containers",
        container -> {
          assertThat(container.number("gPOptions")).isZero();
          return directory.som(mapped(container.string("dn")), cell(container.string("gPLink")));
        });

    Rsop rsop = directory.resolve(target);

    assertThat(applied(rsop)).isEqualTo(example.strings("expected_priority"));
    assertThat(rsop.site()).contains(site);
  }

  @Test
  void five_gpos_and_a_password_length() throws IOException {
    JsonMembers example = published("five-gpo-password-length");
    var cells = new HashMap<String, String>();
    if (!(example.get("links") instanceof JsonArray(var links))) throw new AssertionError("links");
    for (JsonValue link : links) {
      if (link instanceof JsonArray(var items)
          && items.get(0) instanceof JsonString(var gpo)
          && items.get(1) instanceof JsonString(var som)) {
        cells.merge(
            som, gpo + (items.get(2) == JsonBoolean.TRUE ? "!" : ""), (a, b) -> a + " " + b);
      }
    }
    assertThat(cells.keySet()).containsExactlyInAnyOrder("domain", "site", "OU1");
    var directory =
        new TestDirectory()
            .site("HQ", cells.getOrDefault("site", ""))
            .som("DC=corp", cells.getOrDefault("domain", ""))
            .som("OU=OU1", cells.getOrDefault("OU1", ""))
            .computer("CN=pc,OU=OU1");

    Rsop rsop = directory.resolve("CN=pc,OU=OU1");

    assertThat(applied(rsop)).isEqualTo(example.strings("derived_full_priority"));
    assertThat(example.string("published_winner"))
        .startsWith(TestDirectory.shown(rsop.assignment()) + " ");
  }

  @Test
  void the_link_report_script() throws IOException {
    JsonMembers example = published("wgplink-script");
    var directory =
        new TestDirectory().som("DC=corp", cell(example.string("gPLink"))).computer("CN=pc");

    List<LinkVerdict> links = directory.resolve("CN=pc").links();

    List<String> expected =
        example.objects(
            "expected",
            link ->
                "%s %d %b %b"
                    .formatted(
                        link.string("gpo"),
                        link.number("precedence"),
                        link.bool("enabled"),
                        link.bool("enforced")));
    assertThat(links)
        .extracting(v ->
            "%s %d %b %b"
                .formatted(
                    v.gpoName().orElseThrow(),
                    v.link().linkOrder(),
                    v.link().enabled(),
                    v.link().enforced()))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(links.getFirst().link().enforced()).isTrue(); // though of link order 3
  }

  @Test
  void no_override_beats_block_inheritance_and_the_highest_one_wins() throws IOException {
    assertThat(published("savill-no-override").string("rule")).startsWith("No Override beats");
    var directory =
        new TestDirectory()
            .som("DC=corp", "Domain!")
            .som("OU=Outer", "Outer!")
            .som("OU=Inner,OU=Outer", "[block] Inner!")
            .computer("CN=pc,OU=Inner,OU=Outer");

    assertThat(applied(directory.resolve("CN=pc,OU=Inner,OU=Outer")))
        .containsExactly("Domain", "Outer", "Inner");
  }

  @Test
  void policies_of_several_gpos_are_never_merged() throws IOException {
    assertThat(published("gpipsec-single-winner").string("rule")).contains("not merged");
    var directory =
        new TestDirectory()
            .som("DC=corp", "Domain")
            .som("OU=Outer", "Outer Second")
            .computer("CN=pc,OU=Outer");

    Rsop rsop = directory.resolve("CN=pc,OU=Outer");

    assertThat(applied(rsop)).hasSize(3);
    assertThat(rsop.assignment())
        .isInstanceOfSatisfying(
            PolicyResult.Assigned.class,
            assigned -> assertThat(assigned.policy().name()).isEqualTo("Outer"));
  }
}
