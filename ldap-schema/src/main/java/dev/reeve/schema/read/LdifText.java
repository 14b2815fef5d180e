package dev.reeve.schema.read;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// The lines of an LDIF text. Understands the byte order marks that Windows tools write, and takes
/// away values given as a URL (`photo:< file:///…`): whoever hands us an LDIF must not make us open
/// other files.
final class LdifText extends BufferedReader {

  /// No scheme that the LDIF reader knows, so the entry is refused and the message tells why.
  private static final String REFUSED = ":< values-from-a-URL-are-not-read";

  private final ArrayDeque<String> ahead = new ArrayDeque<>();

  private LdifText(Reader in) {
    super(in);
  }

  static LdifText of(byte[] content) {
    int skip = 0;
    Charset charset = StandardCharsets.UTF_8;
    if (startsWith(content, 0xEF, 0xBB, 0xBF)) {
      skip = 3;
    } else if (startsWith(content, 0xFF, 0xFE)) {
      skip = 2;
      charset = StandardCharsets.UTF_16LE;
    } else if (startsWith(content, 0xFE, 0xFF)) {
      skip = 2;
      charset = StandardCharsets.UTF_16BE;
    }
    return new LdifText(
        new InputStreamReader(
            new ByteArrayInputStream(content, skip, content.length - skip), charset));
  }

  private static boolean startsWith(byte[] content, int... mark) {
    if (content.length < mark.length) return false;
    for (int i = 0; i < mark.length; i++) if ((content[i] & 0xff) != mark[i]) return false;
    return true;
  }

  @Override
  public @Nullable String readLine() throws IOException {
    String line = ahead.isEmpty() ? super.readLine() : ahead.poll();
    if (line == null || line.isEmpty() || line.charAt(0) == ' ' || line.charAt(0) == '#')
      return line;
    String start = line;
    var more = new ArrayList<>(ahead);
    for (int i = 0; undecided(start); i++) { // a name may be folded before or behind its colon
      if (i == more.size()) {
        String next = super.readLine();
        if (next == null) break;
        ahead.add(next);
        more.add(next);
      }
      if (!more.get(i).startsWith(" ")) break;
      start += more.get(i).substring(1);
    }
    int colon = start.indexOf(':');
    if (colon < 0 || colon + 1 == start.length() || start.charAt(colon + 1) != '<') return line;
    while (!ahead.isEmpty() && ahead.peek().startsWith(" ")) ahead.poll();
    return start.substring(0, colon) + REFUSED;
  }

  private static boolean undecided(String start) {
    int colon = start.indexOf(':');
    return start.length() < 4096 && (colon < 0 || colon + 1 == start.length());
  }
}
