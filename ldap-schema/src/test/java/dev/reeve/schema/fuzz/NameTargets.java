package dev.reeve.schema.fuzz;

import static dev.reeve.schema.fuzz.FuzzTarget.must;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Problem;
import dev.reeve.schema.read.GpLinkParser;
import dev.reeve.schema.read.GpLinkParser.Links;
import dev.reeve.schema.read.Parsers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Text that names things: DNs, links, extensions.
final class NameTargets {

  private static final Dn CORP = Dn.parse("DC=corp,DC=example");

  private NameTargets() {}

  static void dn(byte[] data) {
    String text = text(data);
    Optional<Dn> found = Dn.find(text);
    if (found.isEmpty()) return;
    Dn dn = found.get();
    must(Dn.parse(dn.toString()).equals(dn), () -> "not what it was written as: " + dn);
    must(dn.hashCode() == Dn.parse(dn.toString()).hashCode(), () -> "hash of " + dn);
    Optional<Dn> parent = dn.parent();
    must(dn.depth() == parent.map(Dn::depth).orElse(0) + 1, () -> "depth of " + dn);
    must(dn.isUnder(dn), () -> dn + " under itself");
    if (parent.isPresent()) {
      Dn up = parent.get();
      must(Dn.parse(up.toString()).equals(up), () -> "parent of " + dn + ": " + up);
      must(dn.isUnder(up) && !up.isUnder(dn), () -> dn + " under " + up);
      Dn moved = dn.moved(up, CORP);
      must(
          moved.parent().equals(Optional.of(CORP)) && Dn.parse(moved.toString()).equals(moved),
          () -> dn + " moved: " + moved);
      must(moved.name().equals(dn.name()), () -> "name of " + dn + " moved");
    }
    Dn child = CORP.child("CN", dn.name());
    must(
        child.name().equals(dn.name()) && child.parent().equals(Optional.of(CORP)),
        () -> "child of the name of " + dn + ": " + child);
    must(dn.isNamedBy(dn.attribute()), () -> dn + " named by " + dn.attribute());
    if (text.chars().allMatch(c -> c < 128))
      must(Dn.parse(text.toUpperCase(Locale.ROOT)).equals(dn), () -> "letter case of " + dn);
    judgeByOther(text, dn);
  }

  /// The LDAP library has a parser of its own. It takes more, and must not read anything else.
  private static void judgeByOther(String text, Dn dn) {
    try {
      int depth = new DN(text).getRDNs().length;
      must(depth == dn.depth(), () -> dn + " has depth " + dn.depth() + ", or " + depth);
    } catch (LDAPException _) {
      // it has its own views, of attribute names for example
    }
  }

  static void gpLink(byte[] data) {
    Links links = GpLinkParser.parse(CORP, text(data));
    int order = 1;
    for (GpLink link : links.links()) {
      int expected = order++;
      must(link.linkOrder() == expected, () -> "link order " + links.links());
    }
    boolean malformed =
        links.problems().stream().anyMatch(p -> p.code() == Problem.Code.MALFORMED_LINK);
    boolean options =
        links.problems().stream().anyMatch(p -> p.code() == Problem.Code.UNKNOWN_LINK_OPTION);
    must(links.complete() || malformed, () -> "incomplete without a problem");
    must(!links.complete() || !malformed || options, () -> "complete with " + links.problems());
    must(links.problems().size() <= 51, () -> links.problems().size() + " problems");
    must(
        links.problems().stream().allMatch(p -> p.detail().length() < 400),
        () -> "a detail nobody reads");
    String again = write(links.links());
    must(
        GpLinkParser.parse(CORP, again).equals(new Links(links.links(), true, List.of())),
        () -> "written again: " + again);
  }

  private static String write(List<GpLink> links) {
    return links.reversed().stream()
        .map(link ->
            "[LDAP://"
                + link.gpo()
                + ";"
                + ((link.enabled() ? 0 : 1) | (link.enforced() ? 2 : 0))
                + "]")
        .collect(Collectors.joining());
  }

  static void extensionList(byte[] data) {
    String text = text(data);
    List<String> names = Parsers.extensionNames(text);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      must(name.startsWith("{") && name.endsWith("}"), () -> "extension " + name);
      must(Parsers.listsExtension(text, name), () -> text + " lists " + name);
      if (i > 0) must(names.get(i - 1).compareToIgnoreCase(name) <= 0, () -> "order of " + names);
    }
    String again = names.stream().map(n -> "[" + n + "]").collect(Collectors.joining());
    must(Parsers.extensionNames(again).equals(names), () -> "written again: " + again);
  }

  static String text(byte[] data) {
    return new String(data, StandardCharsets.UTF_8);
  }
}
