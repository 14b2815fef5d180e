package dev.reeve.engine.ike;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.ike.IkeChild.Kind;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProposalsTest {

  /// `ESP`, `+AH`, or `ESP+AH`, most preferred first.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aes256gcm16, aes128gcm16                | aes256gcm16 aes128gcm16 |        |
          +sha256, +sha384                        |                         | sha256 sha384 |
          aes256gcm16, +sha256                    | aes256gcm16             |        | an offer of another protocol than the first one's
          aes256gcm16+sha256                      | aes256gcm16             | sha256 |
          aes256gcm16+sha256, aes256gcm16         | aes256gcm16             | sha256 | an offer of another protocol than the first one's
          aes256gcm16, aes256gcm16+sha256         | aes256gcm16             |        | an offer of another protocol than the first one's
          aes256gcm16+sha256, aes128gcm16+sha256  | aes256gcm16 aes128gcm16 | sha256 |
          aes256gcm16+sha256, aes256gcm16+sha384, aes128gcm16+sha256, aes128gcm16+sha384 | aes256gcm16 aes128gcm16 | sha256 sha384 |
          aes256gcm16+sha256, aes256gcm16+sha384, aes128gcm16+sha256 | aes256gcm16 | sha256 sha384 | an offer of AH around ESP that would let algorithms of different offers meet
          aes256gcm16+sha384, aes128gcm16+sha256  | aes256gcm16             | sha384 | an offer of AH around ESP that would let algorithms of different offers meet
          """)
  void offers_of_one_kind_are_used_and_the_others_named(
      String offers, String esp, String ah, String left) {
    List<QuickModeOffer> all = Stream.of(offers.split(", ")).map(ProposalsTest::offer).toList();
    Proposals.Offers usable = Proposals.usable(all, false);
    assertThat(usable.left()).isEqualTo(left == null ? List.of() : List.of(left));
    QuickModeOffer first = usable.offers().getFirst();
    if (first.esp().isPresent()) assertThat(words(usable, Kind.ESP)).isEqualTo(esp);
    else assertThat(esp).isNull();
    if (first.ah().isPresent()) assertThat(words(usable, Kind.AH)).isEqualTo(ah);
    else assertThat(ah).isNull();
  }

  private static String words(Proposals.Offers usable, Kind kind) {
    return String.join(
        " ", Proposals.of(usable.offers(), kind, Proposals.groups(MainMode.DEFAULT, false)));
  }

  private static QuickModeOffer offer(String text) {
    String[] words = text.split("\\+", -1);
    return TestPolicies.offer(
        words[0].isEmpty()
            ? Optional.empty()
            : Optional.of(new Esp(Encryption.parse(words[0]), Integrity.NONE)),
        words.length < 2 ? Optional.empty() : Optional.of(Integrity.parse(words[1])));
  }
}
