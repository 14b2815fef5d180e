package dev.reeve.schema.exchange;

import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.ms.SecretOpener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The pre-shared keys of one exchange. Policies carry tickets for them; the keys themselves are in
/// here alone, until [#forget].
public final class Keys implements SecretSealer, SecretOpener {

  private static final String TICKET = "ticket:";

  private final List<byte[]> keys = new ArrayList<>();

  /// Equal keys get equal tickets, so that objects which say the same are equal.
  @Override
  public SealedSecret seal(byte[] secret) {
    int number = 0;
    while (number < keys.size() && !Arrays.equals(keys.get(number), secret)) number++;
    if (number == keys.size()) keys.add(secret.clone());
    Arrays.fill(secret, (byte) 0);
    return SealedSecret.ofBytes((TICKET + number).getBytes(StandardCharsets.US_ASCII));
  }

  /// Whether it is one of our tickets.
  public boolean has(SealedSecret secret) {
    return number(secret).isPresent();
  }

  @Override
  public byte[] open(SealedSecret secret) {
    int number =
        number(secret).orElseThrow(() -> new IllegalArgumentException("sealed to somebody else"));
    return keys.get(number).clone();
  }

  private Optional<Integer> number(SealedSecret secret) {
    var text = new String(secret.toBytes(), StandardCharsets.ISO_8859_1);
    if (!text.matches(TICKET + "[0-9]{1,6}")) return Optional.empty();
    int number = Integer.parseInt(text.substring(TICKET.length()));
    return number < keys.size() ? Optional.of(number) : Optional.empty();
  }

  /// Whether the bytes of an object hold one of the keys as Windows writes them.
  boolean isIn(byte[] data) {
    for (byte[] key : keys) {
      byte[] utf16 = new String(key, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE);
      for (int at = 0; at + utf16.length <= data.length; at++) {
        if (Arrays.equals(data, at, at + utf16.length, utf16, 0, utf16.length)) return true;
      }
      Arrays.fill(utf16, (byte) 0);
    }
    return false;
  }

  /// Overwrites them all.
  public void forget() {
    keys.forEach(key -> Arrays.fill(key, (byte) 0));
    keys.clear();
  }
}
