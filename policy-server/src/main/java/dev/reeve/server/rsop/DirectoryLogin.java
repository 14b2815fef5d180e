package dev.reeve.server.rsop;

import dev.reeve.server.directory.DirectoryException;
import java.util.Optional;

/// Port: whether a directory user's password is right.
public interface DirectoryLogin {

  /// @param user a DN, or a name the directory knows
  /// @return the user's DN; empty when name or password is wrong
  /// @throws DirectoryException when the directory cannot be asked
  Optional<String> login(String user, String password) throws DirectoryException;
}
