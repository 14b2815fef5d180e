package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A host's port that is a container's, as container runtimes publish it: by DNAT, in a table of
/// their own. Run by [EspIT] on a kernel with ESP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishedPortCases {

  private static final String PUBLISHED =
      """
      table ip runtime {
        chain prerouting {
          type nat hook prerouting priority dstnat;
          fib daddr type local tcp dport 8080 dnat to 10.68.7.2:80
        }
      }
      table ip6 runtime {
        chain prerouting {
          type nat hook prerouting priority dstnat;
          fib daddr type local tcp dport 8080 dnat to [fd68:7::2]:80
        }
      }
      """;

  private Optional<EspLab> opened = Optional.empty();

  @BeforeAll
  void open() throws Exception {
    opened = Optional.of(new EspLab());
  }

  @AfterAll
  void close() {
    opened.ifPresent(EspLab::close);
  }

  @Test
  void a_published_port_is_secured_like_any_other() throws Exception {
    EspLab lab = opened.orElseThrow();
    EspLab.Host a = lab.a;
    EspLab.Host b = lab.b;
    var unused = lab.behind(b, 7);
    String said = EspLab.run(PUBLISHED, b.within("nft", "-f", "-").toArray(String[]::new));
    assertThat(said).isEmpty();
    assertThat(a.reaches(b, 8080)).isTrue();
    assertThat(lab.c.reaches(b, 4, 8080)).isTrue();
    assertThat(lab.c.reaches(b, 6, 8080)).isTrue();
    a.apply(TestPolicies.of("require me <> any"));
    b.apply(TestPolicies.of("require me <> any"));
    b.settled().clear();

    assertThat(a.reaches(b, 4, 8080)).isTrue();
    assertThat(a.reaches(b, 6, 8080)).isTrue();
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(b.settled().count(Kind.SECURED)).isPositive();
    lab.c.engine.removeAll();
    assertThat(lab.c.cannotReach(b, 4, 8080)).isTrue();
    assertThat(lab.c.cannotReach(b, 6, 8080)).isTrue();
  }
}
