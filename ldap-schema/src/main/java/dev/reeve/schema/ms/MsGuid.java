package dev.reeve.schema.ms;

import java.util.Locale;

/// GUIDs in the mixed byte order of Active Directory.
public final class MsGuid {

  private MsGuid() {}

  /// The value of an objectGUID attribute as text, lower case, without braces.
  ///
  /// @throws MalformedDataException when it has not 16 bytes
  public static String parse(byte[] data) {
    if (data.length != 16) throw new MalformedDataException(0, data.length + " bytes", "16");
    String braced = Bytes.of(data).guid("objectGUID");
    return braced.substring(1, braced.length() - 1).toLowerCase(Locale.ROOT);
  }
}
