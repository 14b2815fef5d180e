package dev.reeve.server.hosts;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFAddChangeRecord;
import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.embedded.EmbeddedDirectory;
import dev.reeve.server.enrolment.ComputerDirectory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Computer entries of the current snapshot; new ones are written to the embedded directory.
public final class DirectoryComputers implements ComputerDirectory {

  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  private final CurrentSnapshot snapshot;
  private final EmbeddedDirectory directory;

  public DirectoryComputers(CurrentSnapshot snapshot, EmbeddedDirectory directory) {
    this.snapshot = snapshot;
    this.directory = directory;
  }

  @Override
  public Optional<Entry> find(Dn dn) {
    return snapshot
        .view()
        .flatMap(view -> view.snapshot().findComputer(dn))
        .flatMap(DirectoryComputers::entry);
  }

  private static Optional<Entry> entry(Computer computer) {
    return computer.guid().map(guid -> new Entry(guid, computer.dn()));
  }

  @Override
  public List<Entry> ofName(String hostName) {
    String wanted = shortName(hostName);
    return snapshot
        .view()
        .map(view -> view.snapshot().computers().values().stream())
        .orElse(Stream.empty())
        .filter(computer ->
            shortName(computer.name()).equals(wanted)
                || shortName(computer.dn().name()).equals(wanted))
        .flatMap(computer -> entry(computer).stream())
        .toList();
  }

  private static String shortName(String name) {
    int dot = name.indexOf('.');
    return (dot < 0 ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean containerExists(Dn ou) {
    return snapshot.view().flatMap(view -> view.snapshot().findSom(ou)).isPresent();
  }

  @Override
  public Entry create(Dn ou, String hostName) {
    String name = shortName(hostName);
    if (!HOST_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + hostName + "' is no host name an entry could be made for");
    }
    Dn dn = ou.child("CN", name);
    try {
      var entry = new com.unboundid.ldap.sdk.Entry(dn.toString());
      entry.addAttribute(
          LdapAttribute.OBJECT_CLASS.ldapName(),
          LdapClass.TOP.ldapName(),
          LdapClass.COMPUTER.ldapName());
      entry.addAttribute("cn", name);
      directory.apply(new LDIFAddChangeRecord(entry));
      return directory
          .find(dn.toString())
          .map(made -> Optional.ofNullable(made.getAttributeValue("entryUUID")).orElseThrow())
          .map(guid -> new Entry(guid.toLowerCase(Locale.ROOT), dn))
          .orElseThrow(() -> new IllegalArgumentException(dn + " was made and cannot be read"));
    } catch (LDAPException e) {
      throw new IllegalArgumentException("cannot make " + dn + ": " + e.getMessage(), e);
    }
  }
}
