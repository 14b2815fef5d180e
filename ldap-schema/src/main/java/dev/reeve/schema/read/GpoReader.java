package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Group policy objects. One that is seen but not readable stays in the picture as unreadable: what
/// it would have said is unknown.
final class GpoReader {

  private static final int COMPUTER_SETTINGS_DISABLED = 2;
  private static final int MACHINE_HALF = 0xffff;

  /// Every real GPO has some of them.
  private static final LdapAttribute[] CONTENT = {
    LdapAttribute.DISPLAY_NAME,
    LdapAttribute.VERSION_NUMBER,
    LdapAttribute.FLAGS,
    LdapAttribute.GPC_FUNCTIONALITY_VERSION,
    LdapAttribute.GPC_FILE_SYS_PATH,
    LdapAttribute.GPC_MACHINE_EXTENSION_NAMES,
    LdapAttribute.GPC_USER_EXTENSION_NAMES,
    LdapAttribute.GPC_WQL_FILTER
  };

  private final Problems problems;
  private final PointerReader pointers;
  private final SecurityFilterReader securityFilters;

  /// @param entries finds an entry by name: what a GPO assigns stands in entries below it
  GpoReader(Function<Dn, Optional<LdapEntry>> entries, Problems problems) {
    this.problems = problems;
    this.pointers = new PointerReader(entries, problems);
    this.securityFilters = new SecurityFilterReader(problems);
  }

  Optional<GpoEntry> read(LdapEntry entry) {
    return isGpo(entry) ? Optional.of(entry(entry)) : Optional.empty();
  }

  static boolean isGpo(LdapEntry entry) {
    return entry.isA(LdapClass.GROUP_POLICY_CONTAINER)
        || entry.isBare() && looksLikeGpo(entry.dn());
  }

  private static boolean looksLikeGpo(Dn dn) {
    return dn.parent().filter(p -> p.key().startsWith("cn=policies,cn=system,")).isPresent();
  }

  private GpoEntry entry(LdapEntry entry) {
    try {
      return gpo(entry);
    } catch (WrongAttribute e) {
      problems.add(entry, e);
      return new GpoEntry.Unreadable(entry.dn(), e.attribute() + " " + e.detail());
    }
  }

  private Gpo gpo(LdapEntry entry) {
    if (entry.isBare()) {
      throw new WrongAttribute(
          LdapAttribute.OBJECT_CLASS,
          Code.GPO_UNREADABLE,
          "not readable, nor is any attribute but the name");
    }
    if (!entry.hasAny(CONTENT)) {
      throw new WrongAttribute(
          LdapAttribute.VERSION_NUMBER,
          Code.GPO_UNREADABLE,
          "not readable, nor are flags, displayName and gPCFunctionalityVersion");
    }
    var assigned = pointers.read(entry);
    return new Gpo(
        entry.dn(),
        guid(entry.dn()),
        entry.text(LdapAttribute.DISPLAY_NAME).orElseGet(entry.dn()::name),
        (number(entry, LdapAttribute.FLAGS) & COMPUTER_SETTINGS_DISABLED) != 0,
        (int) number(entry, LdapAttribute.GPC_FUNCTIONALITY_VERSION),
        (int) number(entry, LdapAttribute.VERSION_NUMBER) & MACHINE_HALF,
        securityFilters.read(entry),
        entry
            .text(LdapAttribute.GPC_WQL_FILTER)
            .filter(text -> !text.isBlank())
            .map(FactFilterReader::reference),
        assigned.policy(),
        assigned.persistent(),
        assigned.settings());
  }

  private static String guid(Dn dn) {
    String name = dn.name();
    return name.startsWith("{") ? name.toUpperCase(Locale.ROOT) : name;
  }

  private static long number(LdapEntry entry, LdapAttribute attribute) {
    return Numbers.find(entry, attribute, Code.GPO_UNREADABLE).orElse(0L);
  }
}
