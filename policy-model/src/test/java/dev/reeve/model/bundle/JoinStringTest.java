package dev.reeve.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinStringTest {

  private static final String ID = "0123456789abcdef";
  private static final String SECRET = "5ec4e7".repeat(10) + "abcd";
  private static final Digest PIN = new Digest("f".repeat(64));

  @ParameterizedTest
  @ValueSource(
      strings = {"server.corp.example", "10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1", "localhost"})
  void reads_back(String host) {
    var join = new JoinString(host, 8443, ID, SECRET, PIN);

    assertThat(JoinString.parse(join.toText())).isEqualTo(join);
    assertThat(JoinString.parse("  " + join.toText() + "\n")).isEqualTo(join);
    assertThat(join.toText()).startsWith("reeve://").contains(SECRET);
  }

  @Test
  void its_text_for_people_hides_the_secret() {
    var join = new JoinString("server", 8443, ID, SECRET, PIN);

    assertThat(join).hasToString("reeve://server:8443/" + ID + ".[secret]#" + PIN);
    assertThat("%s".formatted(join)).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reeve://server:8443/ID.SECRET",
        "reeve://server:8443/ID.SECRET#",
        "reeve://server:8443/ID.SECRET#PIN0",
        "reeve://server:0/ID.SECRET#PIN",
        "reeve://server:65536/ID.SECRET#PIN",
        "reeve://server:99999/ID.SECRET#PIN",
        "reeve://server/ID.SECRET#PIN",
        "reeve://:8443/ID.SECRET#PIN",
        "reeve://-x:8443/ID.SECRET#PIN",
        "reeve://[::g]:8443/ID.SECRET#PIN",
        "reeve://[1::2::3]:8443/ID.SECRET#PIN",
        "reeve://a b:8443/ID.SECRET#PIN",
        "reeve://server:8443/ID0.SECRET#PIN",
        "reeve://server:8443/ID.SECRETff#PIN",
        "reeve://server:8443/ID.SECRET#PIN trailing",
        "https://server:8443/ID.SECRET#PIN",
        "SECRET"
      })
  void a_wrong_one_is_refused_without_repeating_the_secret(String pattern) {
    String text = pattern.replace("ID", ID).replace("SECRET", SECRET).replace("PIN", PIN.hex());

    assertThatThrownBy(() -> JoinString.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> {
          for (Throwable at = e; at != null; at = at.getCause())
            assertThat(String.valueOf(at.getMessage())).doesNotContain(SECRET.substring(0, 12));
        });
  }

  @Test
  void a_value_that_would_not_read_back_cannot_be_made() {
    assertThatThrownBy(() ->
            new JoinString("server", 8443, ID, SECRET.toUpperCase(java.util.Locale.ROOT), PIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token secret: expected 64 lower-case hex digits");
    assertThatThrownBy(() -> new JoinString("server", 8443, "x", SECRET, PIN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new JoinString("a/b", 8443, ID, SECRET, PIN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
