package dev.reeve.agent.http;

import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A whole answer.
///
/// @param headers names in lower case
/// @param keepAlive whether the connection can carry another request
public record HttpResponse(
    int status, Map<String, String> headers, byte[] body, boolean keepAlive) {

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /// The server's clock.
  public Optional<Instant> date() {
    try {
      return header("date")
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// What an error answer says, in words: `403 TOKEN_USED: …`.
  public String problem() {
    try {
      JsonMembers in = JsonText.parseObject(body);
      return status + " " + printable(in.string("error") + ": " + in.string("detail"));
    } catch (IllegalArgumentException e) {
      return String.valueOf(status);
    }
  }

  private static String printable(String text) {
    return text.substring(0, Math.min(500, text.length())).replaceAll("\\p{Cntrl}", " ");
  }

  @Override
  public String toString() {
    return "HttpResponse[" + status + ", " + body.length + " bytes]";
  }
}
