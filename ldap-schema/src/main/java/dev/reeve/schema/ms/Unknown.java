package dev.reeve.schema.ms;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The bytes of an object that a decoder steps over because nobody knows what they mean, each under
/// the decoder's word for them and in their order. An encoder that asks in the same words puts them
/// back where they were.
final class Unknown {

  private final boolean keeps;
  private final Map<String, ArrayDeque<byte[]>> bytes = new HashMap<>();

  private Unknown(boolean keeps) {
    this.keeps = keeps;
  }

  /// Holds nothing and keeps nothing.
  static Unknown none() {
    return new Unknown(false);
  }

  static Unknown keeping() {
    return new Unknown(true);
  }

  boolean keeps() {
    return keeps;
  }

  void keep(String what, byte[] skipped) {
    if (keeps) bytes.computeIfAbsent(what, _ -> new ArrayDeque<byte[]>()).add(skipped);
  }

  /// How many bytes are not zero, except under these names.
  int nonZero(String... except) {
    int count = 0;
    for (var entry : bytes.entrySet()) {
      if (List.of(except).contains(entry.getKey())) continue;
      for (byte[] kept : entry.getValue()) for (byte b : kept) if (b != 0) count++;
    }
    return count;
  }

  /// The next bytes of that name; `usual` when there are none of that size.
  byte[] next(String what, byte[] usual) {
    ArrayDeque<byte[]> left = bytes.get(what);
    if (left == null || left.isEmpty()) return usual;
    byte[] kept = left.poll();
    return kept.length == usual.length ? kept : usual;
  }
}
