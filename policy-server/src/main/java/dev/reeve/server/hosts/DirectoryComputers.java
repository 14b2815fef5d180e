package dev.reeve.server.hosts;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.DirectoryAccounts;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.enrolment.ComputerDirectory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Computer entries of the current snapshot; new ones are written to the directory.
public final class DirectoryComputers implements ComputerDirectory {

  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  private final CurrentSnapshot snapshot;
  private final DirectoryAccounts accounts;

  public DirectoryComputers(CurrentSnapshot snapshot, DirectoryAccounts accounts) {
    this.snapshot = snapshot;
    this.accounts = accounts;
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
      return new Entry(accounts.createComputer(dn, name), dn);
    } catch (DirectoryException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
