package dev.reeve.server.revocation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Gets a file from a web server: of limited size, within limited time, from where it was said and
/// nowhere else. A redirection is an error that names its target.
final class CrlFetch {

  private final HttpClient client;
  private final int mostBytes;
  private final Duration within;

  CrlFetch(int mostBytes, Duration within) {
    this.mostBytes = mostBytes;
    this.within = within;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(within)
            .build();
  }

  /// @throws IOException saying why not
  byte[] get(URI from) throws IOException {
    var request = HttpRequest.newBuilder(from).timeout(within).GET().build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostBytes));
    try {
      // The request's own limit ends with the headers of the answer.
      HttpResponse<byte[]> response = answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() == 200) return response.body();
      throw new IOException(
          "answered "
              + response.statusCode()
              + response.headers().firstValue("Location").map(to -> " to " + to).orElse(""));
    } catch (ExecutionException e) {
      String cause = String.valueOf(e.getCause());
      boolean tooLong = cause.contains("body exceeds capacity");
      throw new IOException(tooLong ? "longer than " + mostBytes + " bytes" : cause, e);
    } catch (TimeoutException e) {
      boolean unused = answer.cancel(true);
      throw new IOException("not there within " + within.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      boolean unused = answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
