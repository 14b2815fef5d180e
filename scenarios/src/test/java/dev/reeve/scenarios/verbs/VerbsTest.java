package dev.reeve.scenarios.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerbsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server start",
        "server mend",
        "agent web-01 join",
        "agent web-01 says \"two words\"",
        "agent web-01 refuses \"two words\"",
        "gpupdate web-01 fails",
        "store web-01 local policy.json",
        "static web-01 does commands.txt",
        "certificate web-01 of \"CN=Branch CA, O=Workgroup\"",
        "certificate web-01 of \"CN=Branch CA, O=Workgroup\" expired",
        "secret \"two words\" nowhere readable at web-01",
        "answer web-01:53",
        "answer web-01:53 heard nothing",
        "datagram web-01 -> db-01:53 answered",
        "datagram web-01 -> db-01:67 from 68 unanswered",
        "traffic web-01 -> db-01 start",
        "traffic web-01 -> db-01 was only \"53 67\"",
        "reported web-01 \"two words\" within 5",
        "reported web-01 matches expected/x.txt within 5",
        "file web-01 /etc/resolv.conf \"nameserver 10.0.0.1\"",
        "file web-01 /usr/lib/x.so gone",
        "connect client-01 -> web-01:80 from 53 blocked",
        "gpresult web-01 matches expected/x.json",
        "ldap modify x.ldif",
        "ldap modify x.ldif slowly 400",
        "ldap anonymous refused",
        "expect web-01 none",
        "expect web-01 offline within 60",
        "expect web-01 problem \"two words\" within 5 for 3",
        "watch web-01 start",
        "watch web-01 saw 3 policies",
        "listen web-01:80",
        "publish web-01:8080 -> shop:80",
        "ip web-01 \"route add 172.30.12.0/24 via 10.77.10.12\"",
        "connect client-01 -> web-01:80 ipv6 blocked",
        "connect client-01 -> web-01:80 works by shop",
        "expect web-01 enforced \"Web Servers\"",
        "wire client-01 -> web-01:80 clear",
        "wire client-01 -> web-01:80 secured within 20",
        "wire client-01 -> web-01:80 authenticated within 20",
        "wire client-01 -> web-01:80 clear until secured within 20",
        "wire client-01 -> web-01:80 clear until authenticated within 20",
        "wire client-01 -> web-01:80 unanswered",
        "wire client-01 -> web-01:80 nothing",
        "wire shop -> store:80 secured within 20",
        "wire client-01 -> web-01:80 ipv6 secured within 20",
        "wire client-01 -> web-01:7 ipv6 of 200000 bytes secured within 20",
        "wire client-01 -> web-01:1701 udp from 1701 secured",
        "wire client-01 -> web-01:9000 udp of 8000 bytes clear",
        "wire client-01 -> web-01:9000 ipv6 udp of 1450 bytes whole too-long within 20",
        "flow client-01 -> web-01:80 start",
        "flow client-01 -> web-01:80 ipv6 start",
        "flow client-01 -> web-01:80 was never clear",
        "flood outside-01 -> web-01:9000 start",
        "flood outside-01 -> web-01:9000 was answered",
        "flood outside-01 -> web-01:9000 was never answered",
        "flood web-01 -> outside-01:9000 arrived",
        "flood web-01 -> outside-01:9000 never arrived",
        "listen web-01:9000 udp",
        "listen web-01:5000 echo",
        "flood web-01 -> db-01:9000 start counted",
        "flood web-01 -> db-01:9000 start counted unseen",
        "flood web-01 -> db-01:9000 was secured",
        "flood web-01 -> db-01:9000 was secured of at least 20/200",
        "flood web-01 -> db-01:9000 was in clear",
        "flood web-01 -> db-01:9000 was taken",
        "flood web-01 -> db-01:9000 was never taken of at least 20",
        "spoof outside-01 -> web-01 start",
        "spoof outside-01 -> web-01 was met",
        "hold web-01 -> db-01:5000 start",
        "hold web-01 -> db-01:5000 ipv6 lives",
        "clear web-01 start",
        "clear web-01 is exempt",
        "gate web-01 off",
        "unrest web-01 db-01 swaps 2/20 a.ldif \"A\" b.ldif \"B\" restarts 1 kills 1 flushes 1/2",
        "boot web-01",
        "boot web-01 without rules",
        "nftables web-01 reload 5/50",
        "libreswan outside-01 starts peer.conf",
        "libreswan outside-01 starts peer.conf with \"two words\"",
        "dynamic web-01 lacks qmsas \"x\" within 5",
        "dynamic web-01 matches stats expected/x.txt within 5",
        "diag web-01 works",
        "diag web-01 peer db-01 fails \"no answer\"",
        "drift web-01 table",
        "drift web-01 policies",
        "ike web-01 kill",
        "ike web-01 runs within 30",
        "ike web-01 renews within 30",
        "ike web-01 forget",
        "ike web-01 loads bypass-lan",
        "tamper server \"**.cms\"",
        "outsider web-01 cannot read",
        "kill-nine web-01 3/20 link a.ldif unlink b.ldif seed 7"
      })
  void each_form_in_the_readme_is_understood(String text) throws StepException {
    assertThat(Verbs.parse(text)).isNotNull();
  }

  @Test
  void an_expectation_keeps_its_name_time_and_duration() throws StepException {
    assertThat(Verbs.parse("expect web-01 policy \"Web Servers\" within 9 for 4"))
        .isEqualTo(
            new ExpectStep(
                "web-01",
                new ExpectStep.Claim.Policy("Web Servers"),
                Duration.ofSeconds(9),
                Optional.of(Duration.ofSeconds(4))));
  }

  @Test
  void a_connection_keeps_who_answers() throws StepException {
    assertThat(Verbs.parse("connect client-01 -> web-01:443 works by shop within 5"))
        .isEqualTo(
            new ConnectStep(
                "client-01",
                new Words.Endpoint("web-01", 443),
                false,
                0,
                true,
                Optional.of("shop"),
                Optional.of(Duration.ofSeconds(5))));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      useHeadersInDisplayName = true,
      textBlock =
          """
          step                                  | message
          agent web-01                          | it ends where one of join, start, stop, kill, says, refuses is expected
          agent Web join                        | found 'Web', expected a host
          connect client-01 web-01:80 works     | "found 'web-01:80', expected '->'"
          connect client-01 -> web-01 works     | "found 'web-01', expected HOST:PORT"
          connect client-01 -> web-01:99999 works | "found 'web-01:99999', expected HOST:PORT"
          connect client-01 -> web-01:80 blocked by shop | "found 'by', expected the end of the step"
          expect web-01 policy "Web             | a quotation mark is not closed at "Web
          expect web-01 none within soon        | "found 'soon', expected seconds, 1..600"
          ip web-01                             | it ends where the words behind ip is expected
          wire web-01 -> db-01:7 of 9 bytes whole secured | "found 'whole', expected one of clear, secured, authenticated, unanswered, nothing, too-long"
          watch web-01 saw many policies        | "found 'many', expected a number, 1..1000"
          """)
  void what_makes_no_sense_is_said_with_what_was_expected(String step, String message) {
    assertThatThrownBy(() -> Verbs.parse(step))
        .isInstanceOf(StepException.class)
        .hasMessage(
            message.startsWith("\"") ? message.substring(1, message.length() - 1) : message);
  }

  @Test
  void an_unknown_verb_is_answered_with_those_there_are() {
    assertThatThrownBy(() -> Verbs.parse("sleep 5"))
        .isInstanceOf(StepException.class)
        .hasMessage(
            "no verb 'sleep'; there are " + String.join(", ", new TreeSet<>(Verbs.names())));
  }

  @Test
  void the_readme_explains_every_verb() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    assertThat(Verbs.names()).allSatisfy(verb -> assertThat(readme).contains("| `" + verb + " "));
  }
}
