package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// WMI filters: `msWMI-Som` objects, and the reference to one in gPCWQLFilter.
final class FactFilterReader {

  private static final String CONTAINER = "CN=SOM,CN=WMIPolicy,CN=System";

  private final Problems problems;

  FactFilterReader(Problems problems) {
    this.problems = problems;
  }

  /// Empty when the entry is no filter, or one that makes no sense: whoever needs it finds it
  /// missing.
  Optional<FactFilter> read(LdapEntry entry) {
    boolean bare =
        entry.isBare()
            && entry
                .dn()
                .parent()
                .filter(p -> p.key().startsWith("cn=som,cn=wmipolicy,cn=system,"))
                .isPresent();
    if (!bare && !entry.isA(LdapClass.MS_WMI_SOM)) return Optional.empty();
    try {
      String text =
          entry
              .text(LdapAttribute.MS_WMI_PARM2)
              .orElseThrow(() -> wrong(LdapAttribute.MS_WMI_PARM2, "is missing"));
      String name = entry.text(LdapAttribute.MS_WMI_NAME).orElseGet(entry.dn()::name);
      return Optional.of(new FactFilter(entry.dn(), name, new QueryText(text).queries()));
    } catch (WrongAttribute e) {
      problems.add(entry, e);
      return Optional.empty();
    }
  }

  /// `[corp.example;{GUID};0]` → the filter's name in the directory.
  ///
  /// @throws WrongAttribute when the text has another form
  static Dn reference(String text) {
    String trimmed = text.strip();
    String[] parts = trimmed.replaceAll("^\\[|]$", "").split(";", -1);
    boolean good =
        trimmed.startsWith("[")
            && trimmed.endsWith("]")
            && parts.length == 3
            && parts[1].strip().matches("\\{[0-9A-Fa-f-]{36}}");
    Optional<Dn> dn =
        good
            ? Dn.find(
                "CN="
                    + parts[1].strip()
                    + ","
                    + CONTAINER
                    + ",DC="
                    + String.join(",DC=", parts[0].strip().split("\\.", -1)))
            : Optional.empty();
    return dn.orElseThrow(() ->
        wrong(
            LdapAttribute.GPC_WQL_FILTER, "found '" + text + "', expected [DOMAIN;{GUID};NUMBER]"));
  }

  private static WrongAttribute wrong(LdapAttribute attribute, String detail) {
    return new WrongAttribute(attribute, Code.FACT_FILTER_UNREADABLE, detail);
  }

  /// The text of msWMI-Parm2: `<count>;` and per query `3;<len>;<len>;WQL;<namespace>;<query>;`. A
  /// query may hold semicolons; its length decides where it ends, unless it is wrong, as it is in
  /// the specification's own example.
  private static final class QueryText {

    private static final Pattern NEXT_QUERY =
        Pattern.compile("\\d{1,9};\\d{1,9};\\d{1,9};WQL;", Pattern.CASE_INSENSITIVE);

    private final String text;
    private final int size; // without blanks at the end
    private int at;

    QueryText(String text) {
      this.text = text;
      this.size = text.stripTrailing().length();
    }

    List<FactFilter.Query> queries() {
      long count = number("count");
      if (count < 1) throw malformed("has no query");
      var queries = new ArrayList<FactFilter.Query>();
      for (long i = 0; i < count; i++) {
        long unusedLanguage = number("length of the language");
        long unusedNamespace = number("length of the namespace");
        long length = number("length of the query");
        String language = part("language");
        if (!language.equalsIgnoreCase("WQL"))
          throw malformed("has language '" + language + "', expected WQL");
        String namespace = part("namespace");
        queries.add(new FactFilter.Query(namespace, query(length, i == count - 1)));
      }
      return queries;
    }

    private String query(long length, boolean last) {
      long end = at + length;
      if (end > text.length() || !endsAt((int) end, last)) {
        end = at;
        while (end < text.length() && !endsAt((int) end, last)) end++;
      }
      String query = text.substring(at, (int) end).strip();
      if (query.isEmpty()) throw malformed("has an empty query");
      at = (int) Math.min(end + 1, text.length());
      return query;
    }

    private boolean endsAt(int end, boolean last) {
      if (end == text.length()) return last;
      if (text.charAt(end) != ';') return false;
      return last
          ? end + 1 >= size
          : NEXT_QUERY.matcher(text).region(end + 1, text.length()).lookingAt();
    }

    private long number(String what) {
      String digits = part(what).strip();
      if (!digits.matches("\\d{1,9}"))
        throw malformed("has '" + digits + "' for the " + what + ", expected a number");
      return Long.parseLong(digits);
    }

    private String part(String what) {
      int end = text.indexOf(';', at);
      if (end < 0) throw malformed("ends before the " + what);
      String part = text.substring(at, end);
      at = end + 1;
      return part;
    }

    private static WrongAttribute malformed(String detail) {
      return wrong(LdapAttribute.MS_WMI_PARM2, detail);
    }
  }
}
