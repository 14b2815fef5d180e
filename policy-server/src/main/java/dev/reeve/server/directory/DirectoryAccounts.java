package dev.reeve.server.directory;

import dev.reeve.model.gp.Dn;
import java.util.Optional;

/// Port: what the server asks of a directory beside its content.
public interface DirectoryAccounts {

  /// @param user a DN, or a name the directory knows
  /// @return the user's DN; empty when name or password is wrong
  /// @throws DirectoryException when the directory cannot be asked
  Optional<String> login(String user, String password) throws DirectoryException;

  /// Makes a computer entry.
  ///
  /// @param name the first part of the host's name
  /// @return its GUID, as the current snapshot will show it
  /// @throws DirectoryException in the directory's words, when it does not take the entry
  String createComputer(Dn dn, String name) throws DirectoryException;
}
