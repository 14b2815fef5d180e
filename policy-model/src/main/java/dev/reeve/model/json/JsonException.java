package dev.reeve.model.json;

/// A document that is not what was wanted. The message is for people: path, what was seen, what was
/// wanted.
public final class JsonException extends IllegalArgumentException {

  /// @param path where in the document, `$` is its root: `$.rules[2].action`
  public JsonException(String path, String detail) {
    super(path + ": " + detail);
  }
}
