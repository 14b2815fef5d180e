package dev.reeve.cli.rsop;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Terminal;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// A policy server, asked over HTTPS: `GET /api/v1/rsop`, one JSON document per line.
final class PolicyServer {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private final URI server;
  private final Optional<String> authorization;
  private final SSLContext tls;

  private PolicyServer(URI server, Optional<String> authorization, SSLContext tls) {
    this.server = server;
    this.authorization = authorization;
    this.tls = tls;
  }

  static PolicyServer of(ServerOptions options, Terminal terminal) throws CommandException {
    URI server = options.url.orElseThrow();
    if (!"https".equals(server.getScheme()) || server.getHost() == null) {
      throw new CommandException(
          ExitCode.USAGE, "--server is " + server + ", expected https://HOST:PORT");
    }
    Optional<String> authorization = Optional.empty();
    if (options.user.isPresent()) {
      authorization = Optional.of(basic(options.user.get(), password(options, terminal)));
    }
    return new PolicyServer(
        server, authorization, ServerTrust.context(options.caFile, options.pin));
  }

  private static char[] password(ServerOptions options, Terminal terminal) throws CommandException {
    if (options.passwordFile.isPresent()) return fromFile(options.passwordFile.get());
    return terminal
        .variable()
        .apply("REEVE_PASSWORD")
        .map(String::toCharArray)
        .or(() -> terminal.password().apply("Password of " + options.user.orElse("") + ": "))
        .orElseThrow(() ->
            new CommandException(
                ExitCode.USAGE,
                "no password: give --password-file, set REEVE_PASSWORD, or run in a terminal"));
  }

  private static char[] fromFile(Path file) throws CommandException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      String line = in.readLine();
      return line == null ? new char[0] : line.toCharArray();
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, file + ": cannot be read: " + e.getMessage());
    }
  }

  private static String basic(String user, char[] password) {
    var both = CharBuffer.allocate(user.length() + 1 + password.length);
    both.put(user).put(':').put(password).flip();
    byte[] bytes = Arrays.copyOf(StandardCharsets.UTF_8.encode(both).array(), encodedLength(both));
    Arrays.fill(password, '\0');
    String header = "Basic " + Base64.getEncoder().encodeToString(bytes);
    Arrays.fill(bytes, (byte) 0);
    return header;
  }

  private static int encodedLength(CharBuffer text) {
    return StandardCharsets.UTF_8.encode(text.duplicate().rewind()).remaining();
  }

  /// Hands over the documents of the answer as they arrive.
  ///
  /// @param query what follows the question mark
  /// @throws CommandException also when `to` finds that a document is none
  void ask(String query, Consumer<JsonValue> to) throws CommandException {
    var asked = HttpRequest.newBuilder(server.resolve("/api/v1/rsop?" + query)).timeout(ANSWER);
    asked.header("Accept", "application/json, application/x-ndjson");
    authorization.ifPresent(header -> asked.header("Authorization", header));
    try (HttpClient client =
        HttpClient.newBuilder()
            .sslContext(tls)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      HttpResponse<InputStream> response =
          client.send(asked.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (var body =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        if (response.statusCode() != 200) throw refused(response.statusCode(), body);
        for (String line = body.readLine(); line != null; line = body.readLine()) {
          if (!line.isBlank()) to.accept(JsonText.parse(line));
        }
      }
    } catch (JsonException e) {
      throw new CommandException(
          ExitCode.FAILED, server + " sent something that is no RSoP document: " + e.getMessage());
    } catch (IOException e) {
      throw new CommandException(ExitCode.UNREACHABLE, server + ": " + reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.FAILED, "interrupted");
    }
  }

  static String parameter(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private CommandException refused(int status, BufferedReader body) throws IOException {
    String said = message(body);
    return switch (status) {
      case 401 ->
          new CommandException(
              ExitCode.NOT_PERMITTED,
              authorization.isEmpty()
                  ? server + " wants a directory user: give --user DN"
                  : server + " does not accept this user and password");
      case 403 ->
          new CommandException(
              ExitCode.NOT_PERMITTED, server + " does not let this user ask" + said);
      case 400, 404, 422 ->
          new CommandException(ExitCode.FAILED, server + " answers " + status + said);
      default ->
          new CommandException(
              status >= 500 ? ExitCode.UNREACHABLE : ExitCode.FAILED,
              server + " answers " + status + said);
    };
  }

  /// What a server says in its own words: the `detail` or `message` of a JSON body, or short text.
  private static String message(BufferedReader body) throws IOException {
    char[] start = new char[2000];
    int length = body.read(start);
    if (length <= 0) return "";
    String text = new String(start, 0, length).strip();
    if (text.startsWith("{")) {
      try {
        var members = JsonMembers.of("$", JsonText.parse(text));
        Optional<String> said =
            members.findString("detail").or(() -> members.findString("message"));
        return said.map(words -> ": " + words).orElse("");
      } catch (JsonException _) {
        return "";
      }
    }
    return text.startsWith("<") ? "" : ": " + text.lines().findFirst().orElse("");
  }

  private static String reason(IOException e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof UnknownHostException
          || at instanceof java.nio.channels.UnresolvedAddressException) {
        return "no such host";
      }
      if (at instanceof SSLException && !(at.getCause() instanceof IOException)) {
        return "its certificate is not trusted: give --cacert or --pin (" + at.getMessage() + ")";
      }
    }
    return switch (e) {
      case HttpTimeoutException _ -> "does not answer";
      case ConnectException _ -> "cannot be reached; is the server running, and is the port right?";
      default -> "connection failed: " + e.getMessage();
    };
  }
}
