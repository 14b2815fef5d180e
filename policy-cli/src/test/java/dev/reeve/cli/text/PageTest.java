package dev.reeve.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageTest {

  @Test
  void long_text_goes_on_under_its_beginning() {
    var page = new Page().field(0, 10, "Label", "word ".repeat(20));
    assertThat(page.lines())
        .containsExactly(
            "Label     " + "word ".repeat(14).strip(), "          " + "word ".repeat(6).strip());
  }

  @Test
  void a_name_longer_than_a_line_breaks_behind_a_comma() {
    String dn =
        "OU=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,OU=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,OU=cccccccccccccccccc,DC=x";
    assertThat(new Page().text(4, dn).lines())
        .containsExactly(
            "    OU=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,OU=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,",
            "    OU=cccccccccccccccccc,DC=x");
  }

  @Test
  void no_escape_sequence_of_a_directory_reaches_the_terminal() {
    assertThat(new Page().text(0, "a\u001b[2Jb\u202Ec\u009bd").lines())
        .containsExactly("a\uFFFD[2Jb\uFFFDc\uFFFDd");
  }

  @Test
  void a_label_too_long_for_its_column_has_a_line_of_its_own() {
    assertThat(new Page().field(2, 6, "Label", "value").lines())
        .containsExactly("  Label", "      value");
  }
}
