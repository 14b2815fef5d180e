package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.FactFilter;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.util.List;
import java.util.Optional;

/// The package's own parsers, for tests elsewhere.
public final class Parsers {

  private static final Dn FILTER =
      Dn.parse("CN={F},CN=SOM,CN=WMIPolicy,CN=System,DC=corp,DC=example");

  private Parsers() {}

  /// The filter whose msWMI-Parm2 has that value, or the problem it became.
  public static Optional<FactFilter> factFilter(byte[] parm2) {
    var problems = new Problems();
    LdapEntry entry =
        LdapEntry.named(FILTER)
            .addClasses(LdapClass.MS_WMI_SOM)
            .add(LdapAttribute.MS_WMI_PARM2, parm2)
            .build();
    Optional<FactFilter> filter = new FactFilterReader(problems).read(entry);
    if (filter.isPresent() != problems.sorted().isEmpty())
      throw new AssertionError(filter + " with " + problems.sorted());
    return filter;
  }

  /// What a gPCWQLFilter names.
  public static Optional<Dn> factFilterReference(String text) {
    try {
      return Optional.of(FactFilterReader.reference(text));
    } catch (WrongAttribute _) {
      return Optional.empty();
    }
  }

  public static List<String> extensionNames(String text) {
    return ExtensionNames.parse(text);
  }

  public static boolean listsExtension(String text, String extension) {
    return ExtensionNames.lists(text, extension);
  }
}
