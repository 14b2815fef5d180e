package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.schema.names.LdapAttribute;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Collects what is wrong; hands it out in an order that does not depend on who came first.
final class Problems {

  static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::dn)
          .thenComparing(Problem::attribute)
          .thenComparing(Problem::code)
          .thenComparing(Problem::detail);

  private static final int MOST_DETAIL = 600;

  private final Set<Problem> found = new HashSet<>();

  void add(LdapEntry entry, LdapAttribute attribute, Code code, String detail) {
    add(entry.dn(), attribute, code, detail);
  }

  void add(Dn dn, LdapAttribute attribute, Code code, String detail) {
    add(new Problem(dn.toString(), attribute.ldapName(), code, shortened(detail)));
  }

  void add(Problem problem) {
    found.add(problem);
  }

  void add(LdapEntry entry, WrongAttribute wrong) {
    add(entry, wrong.attribute(), wrong.code(), wrong.detail());
  }

  void addAll(Collection<Problem> problems) {
    found.addAll(problems);
  }

  /// Details quote values, and a value may be a megabyte.
  static String shortened(String detail) {
    return detail.length() > MOST_DETAIL ? detail.substring(0, MOST_DETAIL) + "…" : detail;
  }

  List<Problem> sorted() {
    return found.stream().sorted(ORDER).toList();
  }
}
