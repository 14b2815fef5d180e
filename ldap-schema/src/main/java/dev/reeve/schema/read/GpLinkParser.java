package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.schema.names.LdapAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The text of a gPLink attribute: `[LDAP://CN={GUID},CN=Policies,…;0][LDAP://…;2]`.
///
/// **The last element is link order 1 and wins.** The text of MS-GPOL 3.2.5.1.5 says the reverse
/// for links that are not enforced; Windows, its console and SSSD (issue 5103) agree on this.
///
/// An element that makes no sense is a problem and the others count. In details, `gPLink[n]` is the
/// n-th element of the text, from 0.
public final class GpLinkParser {

  private static final int DISABLED = 1;
  private static final int ENFORCED = 2;
  private static final String SCHEME = "LDAP://";
  private static final int MOST_PROBLEMS = 50;

  /// @param links link order 1 first
  /// @param complete false when a part of the text could not be understood
  public record Links(List<GpLink> links, boolean complete, List<Problem> problems) {
    public Links {
      links = List.copyOf(links);
      problems = List.copyOf(problems);
    }
  }

  /// An element as written.
  private record Element(Dn gpo, int option) {}

  private final Dn som;
  private final String text;
  private final List<Element> elements = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private boolean complete = true;
  private int index; // of the element being read
  private int untold; // problems beyond what anybody reads

  private GpLinkParser(Dn som, String text) {
    this.som = som;
    this.text = text;
  }

  /// @param som whose attribute it is; problems name it
  public static Links parse(Dn som, String text) {
    return new GpLinkParser(som, text).parse();
  }

  private Links parse() {
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('[', at);
      if (open < 0) open = text.length();
      String between = text.substring(at, open);
      if (!between.isBlank()) malformed("'" + shown(between) + "' is outside of brackets");
      if (open == text.length()) break;
      at = element(open);
    }
    if (untold > 0) add(Code.MALFORMED_LINK, "has " + untold + " more such problems");
    return new Links(ordered(), complete, problems);
  }

  /// @return where to go on
  private int element(int open) {
    int end = open + 1;
    while (end < text.length() && text.charAt(end) != ']' && text.charAt(end) != '[') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    boolean closed = end < text.length() && text.charAt(end) == ']';
    String content = text.substring(open + 1, Math.min(end, text.length()));
    if (closed) {
      content(content);
      return end + 1;
    }
    malformed("'[" + shown(content) + "' has no closing bracket");
    return end;
  }

  private void content(String content) {
    String trimmed = content.strip();
    int semicolon = trimmed.lastIndexOf(';');
    if (!trimmed.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || semicolon < 0) {
      malformed("'" + shown(content) + "' is no link, expected LDAP://DN;OPTION");
      return;
    }
    Optional<Integer> option = number(trimmed.substring(semicolon + 1).strip());
    Optional<Dn> gpo = Dn.find(withoutServer(trimmed.substring(SCHEME.length(), semicolon)));
    if (option.isEmpty() || gpo.isEmpty()) {
      String wrong = gpo.isEmpty() ? "has no valid DN" : "has no valid option, expected 0..3";
      malformed("'" + shown(content) + "' " + wrong);
      return;
    }
    if ((option.get() & ~(DISABLED | ENFORCED)) != 0) {
      problem(Code.UNKNOWN_LINK_OPTION, "has option " + option.get() + ", expected 0..3");
    }
    elements.add(new Element(gpo.get(), option.get()));
    index++;
  }

  /// `LDAP://server/CN=…` is an ADSI path too.
  private static String withoutServer(String path) {
    int slash = path.indexOf('/');
    int equals = path.indexOf('=');
    return slash >= 0 && slash < equals ? path.substring(slash + 1) : path;
  }

  private static Optional<Integer> number(String digits) {
    try {
      return Optional.of(Integer.valueOf(digits));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private List<GpLink> ordered() {
    var links = new ArrayList<GpLink>();
    for (Element e : elements.reversed()) {
      boolean enabled = (e.option & DISABLED) == 0;
      links.add(new GpLink(e.gpo, links.size() + 1, enabled, (e.option & ENFORCED) != 0));
    }
    return links;
  }

  private void malformed(String detail) {
    complete = false;
    problem(Code.MALFORMED_LINK, detail);
    index++;
  }

  private void problem(Code code, String detail) {
    if (problems.size() < MOST_PROBLEMS) add(code, "gPLink[" + index + "] " + detail);
    else untold++;
  }

  private void add(Code code, String detail) {
    problems.add(new Problem(som.toString(), LdapAttribute.GP_LINK.ldapName(), code, detail));
  }

  private static String shown(String part) {
    return part.length() > 120 ? part.substring(0, 120) + "…" : part;
  }
}
