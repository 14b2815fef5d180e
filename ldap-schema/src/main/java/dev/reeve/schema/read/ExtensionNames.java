package dev.reeve.schema.read;

import java.util.ArrayList;
import java.util.List;

/// The text of gPCMachineExtensionNames: `[{CSE}{TOOL}…][{CSE}{TOOL}…]`, groups in rising order of
/// the extension's GUID. A reader stops at the first group that is out of order (MS-GPOL 2.2.4), so
/// a badly sorted value hides what comes later.
final class ExtensionNames {

  /// The client-side extension of IPsec policy.
  static final String IPSEC = "{E437BC1C-AA7D-11D2-A382-00C04F991E27}";

  private ExtensionNames() {}

  static boolean lists(String text, String extension) {
    return parse(text).stream().anyMatch(extension::equalsIgnoreCase);
  }

  /// The GUIDs of the extensions that a reader gets to see, with braces.
  static List<String> parse(String text) {
    var extensions = new ArrayList<String>();
    int at = 0;
    while (true) {
      int open = text.indexOf('[', at);
      int close = text.indexOf(']', open + 1);
      if (open < 0 || close < 0 || !text.substring(at, open).isBlank()) return extensions;
      String group = text.substring(open + 1, close).strip();
      int end = group.indexOf('}');
      if (!group.startsWith("{") || end < 0) return extensions;
      String extension = group.substring(0, end + 1);
      if (!extensions.isEmpty() && extensions.getLast().compareToIgnoreCase(extension) > 0)
        return extensions;
      extensions.add(extension);
      at = close + 1;
    }
  }
}
