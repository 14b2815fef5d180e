package dev.reeve.schema.ms;

/// Bytes that are not what they claim to be. The message is for people: where, what was seen, what
/// was wanted. It never repeats the bytes of a text: that may be a secret.
public final class MalformedDataException extends IllegalArgumentException {

  MalformedDataException(int offset, String seen, String wanted) {
    super("at offset " + offset + ": found " + seen + ", expected " + wanted);
  }

  MalformedDataException(int offset, IllegalArgumentException refused) {
    super("at offset " + offset + ": " + refused.getMessage());
  }
}
