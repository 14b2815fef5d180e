package dev.reeve.server.enrolment;

import dev.reeve.model.gp.Dn;
import java.util.List;
import java.util.Optional;

/// Port: the computer entries a host may become.
public interface ComputerDirectory {

  /// @param guid entryUUID or objectGUID
  record Entry(String guid, Dn dn) {}

  Optional<Entry> find(Dn dn);

  /// Every computer of that name, in any letter case; a short name also finds `NAME.domain`.
  List<Entry> ofName(String hostName);

  boolean containerExists(Dn ou);

  /// @throws IllegalArgumentException in the directory's words, when it does not take the entry
  Entry create(Dn ou, String hostName);
}
