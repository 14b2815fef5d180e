package dev.reeve.server.directory;

import java.util.Optional;

/// How a server comes to its first picture: from the directory; when that cannot be read, for
/// whatever reason, from what an earlier run saved.
public final class DirectoryStart {

  private DirectoryStart() {}

  /// Returns when there is a first picture, and the source goes on.
  ///
  /// @param saved empty = the source keeps its own
  /// @throws DirectoryException when the directory cannot be read and no picture of it was saved
  public static void start(
      DirectorySource source, CurrentSnapshot current, Optional<PictureFile> saved)
      throws DirectoryException {
    Optional<SavedPicture> picture = Optional.empty();
    String none = "";
    if (saved.isPresent()) {
      try {
        picture = Optional.of(saved.get().read());
        source.remember(picture.get().entries());
      } catch (PictureException e) {
        none = "\nThere is no saved picture to go on with: " + e.getMessage();
      }
    }
    try {
      source.start(current);
    } catch (DirectoryException e) {
      if (picture.isEmpty()) throw new DirectoryException(e.getMessage() + none, e);
      current.restore(
          picture.get().entries(), picture.get().asOf(), String.valueOf(e.getMessage()));
      source.resume(current);
    }
  }
}
