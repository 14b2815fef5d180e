package dev.reeve.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseReaderTest {

  private static final String[] GOOD = {
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\nhello",
    "HTTP/1.1 304 Not Modified\r\nDate: Fri, 15 Jan 2027 12:00:00 GMT\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\nhello to the end",
  };

  private static HttpResponse read(String text, int maxBody) throws IOException {
    return ResponseReader.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), maxBody);
  }

  @Test
  void a_body_of_known_length_is_read_whole_and_no_further() throws IOException {
    var in = new ByteArrayInputStream((GOOD[0] + "NEXT").getBytes(StandardCharsets.US_ASCII));
    HttpResponse response = ResponseReader.read(in, 100);
    assertThat(new String(response.body(), StandardCharsets.US_ASCII)).isEqualTo("hello");
    assertThat(response.header("etag")).contains("\"a\"");
    assertThat(response.keepAlive()).isTrue();
    assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("NEXT");
  }

  @Test
  void an_unchanged_answer_has_no_body_and_keeps_the_connection() throws IOException {
    HttpResponse response = read(GOOD[1], 0);
    assertThat(response.status()).isEqualTo(304);
    assertThat(response.date())
        .hasValueSatisfying(d -> assertThat(d).hasToString("2027-01-15T12:00:00Z"));
    assertThat(response.keepAlive()).isTrue();
  }

  @Test
  void chunks_are_put_together() throws IOException {
    assertThat(new String(read(GOOD[2], 100).body(), StandardCharsets.US_ASCII)).isEqualTo("hello");
  }

  @Test
  void interim_answers_are_skipped() throws IOException {
    assertThat(read(GOOD[3], 0).status()).isEqualTo(204);
  }

  @Test
  void a_body_without_length_ends_the_connection() throws IOException {
    HttpResponse response = read(GOOD[4], 100);
    assertThat(response.body()).hasSize(16);
    assertThat(response.keepAlive()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          what                   | answer                                                                            | says
          another protocol       | SSH-2.0-x%r%n                                                                     | no HTTP status line
          a status of four       | HTTP/1.1 2000 OK%r%n%r%n                                                          | no HTTP status line
          two lengths            | HTTP/1.1 200 OK%r%nContent-Length: 1%r%nContent-Length: 2%r%n%r%nxx               | two headers
          length and chunks      | HTTP/1.1 200 OK%r%nContent-Length: 1%r%nTransfer-Encoding: chunked%r%n%r%n0%r%n%r%n | both
          another coding         | HTTP/1.1 200 OK%r%nTransfer-Encoding: gzip%r%n%r%n                                | transfer coding
          a negative length      | HTTP/1.1 200 OK%r%nContent-Length: -1%r%n%r%n                                     | content length
          a length beyond bounds | HTTP/1.1 200 OK%r%nContent-Length: 101%r%n%r%n                                    | at most 100
          a chunk beyond bounds  | HTTP/1.1 200 OK%r%nTransfer-Encoding: chunked%r%n%r%nffffffff%r%n                 | at most 100
          a chunk size of words  | HTTP/1.1 200 OK%r%nTransfer-Encoding: chunked%r%n%r%nten%r%n                      | chunk size
          a folded header        | HTTP/1.1 200 OK%r%nA: b%r%n c%r%n%r%n                                             | no HTTP header
          a bare line feed       | HTTP/1.1 200 OK%n%n                                                               | control character
          an unfinished body     | HTTP/1.1 200 OK%r%nContent-Length: 5%r%n%r%nhel                                   | ended after 3 of 5
          an unfinished head     | HTTP/1.1 200 OK%r%nCont                                                           | ended within
          other protocol unasked | HTTP/1.1 101 Switching%r%n%r%n                                                    | changes protocols
          """)
  void refuses(String what, String answer, String says) {
    String text = answer.replace("%r", "\r").replace("%n", "\n");
    assertThatThrownBy(() -> read(text, 100))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(says);
  }

  @Test
  void endless_headers_are_cut_off() {
    InputStream endless =
        new InputStream() {
          private final byte[] start = "HTTP/1.1 200 OK\r\nA: ".getBytes(StandardCharsets.US_ASCII);
          private int at;

          @Override
          public int read() {
            return at < start.length ? start[at++] : 'a';
          }
        };
    assertThatThrownBy(() -> ResponseReader.read(endless, 100))
        .hasMessageContaining("bytes of headers");
  }

  @Test
  void a_body_without_length_and_end_is_cut_off() {
    InputStream endless =
        new InputStream() {
          private final byte[] start =
              "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
          private int at;

          @Override
          public int read() {
            return at < start.length ? start[at++] : 'a';
          }
        };
    assertThatThrownBy(() -> ResponseReader.read(endless, 100)).hasMessageContaining("at most 100");
  }

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  /// Either a whole answer within bounds or an IOException; nothing else, and never for ever.
  @ParameterizedTest
  @MethodSource("seeds")
  void mutilated_answers_never_escape_the_limits(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = mutilated(GOOD[random.nextInt(GOOD.length)], random);
      try {
        HttpResponse response = ResponseReader.read(new ByteArrayInputStream(bytes), 64);
        assertThat(response.body().length).isLessThanOrEqualTo(64);
        assertThat(response.status()).isBetween(200, 599);
      } catch (IOException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      } catch (RuntimeException e) {
        fail("seed " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1), e);
      }
    }
  }

  private static byte[] mutilated(String text, Random random) {
    String alphabet = "\r\n\0 :;0123456789abcdefABCDEFxHTTP/1.1\u00ff\u0080-";
    var chars = new StringBuilder(text);
    for (int i = random.nextInt(6); i >= 0 && !chars.isEmpty(); i--) {
      int at = random.nextInt(chars.length());
      char c = alphabet.charAt(random.nextInt(alphabet.length()));
      switch (random.nextInt(4)) {
        case 0 -> chars.setCharAt(at, c);
        case 1 -> chars.insert(at, c);
        case 2 -> chars.deleteCharAt(at);
        default ->
            chars.insert(
                at, chars.substring(at, Math.min(chars.length(), at + random.nextInt(40))));
      }
    }
    return chars.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
