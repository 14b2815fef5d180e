package dev.reeve.engine.nft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NftReaderTest {

  private static final String ACCEPT = "{\"accept\":null}";

  private static NftRule rule(String statements) {
    String json =
        "{\"nftables\":[{\"metainfo\":{\"version\":\"1.0.6\"}},"
            + "{\"chain\":{\"family\":\"inet\",\"table\":\"reeve\",\"name\":\"c\",\"handle\":1}},"
            + "{\"rule\":{\"family\":\"inet\",\"table\":\"reeve\",\"chain\":\"c\",\"handle\":2,"
            + "\"expr\":["
            + statements
            + "]}}]}";
    return NftReader.read(json).chains().getFirst().rules().getFirst();
  }

  /// Versions of nft print names or numbers, and one flag alone or in a list.
  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"fib":{"result":"type","flags":["saddr"]}}  | "local"                     | fib saddr type local
          {"fib":{"result":"type","flags":"daddr"}}    | 2                           | fib daddr type local
          {"fib":{"result":"type","flags":["daddr"]}}  | {"set":["multicast","broadcast"]} | fib daddr type { broadcast, multicast }
          {"fib":{"result":"type","flags":["daddr"]}}  | {"set":[3,5]}               | fib daddr type { broadcast, multicast }
          {"payload":{"protocol":"ip","field":"saddr"}}| "10.0.0.1"                  | ip saddr 10.0.0.1
          {"payload":{"protocol":"ip6","field":"daddr"}}| {"prefix":{"addr":"2001:db8::","len":32}} | ip6 daddr 2001:db8::/32
          {"payload":{"protocol":"ip","field":"saddr"}}| {"range":["10.0.0.1","10.0.0.5"]} | ip saddr 10.0.0.1-10.0.0.5
          {"payload":{"protocol":"ip","field":"saddr"}}| {"set":["10.0.0.3","10.0.0.1"]} | ip saddr { 10.0.0.1, 10.0.0.3 }
          {"meta":{"key":"iiftype"}}                   | "ether"                     | meta iiftype 1
          {"meta":{"key":"oiftype"}}                   | 512                         | meta oiftype 512
          {"meta":{"key":"oif"}}                       | "0"                         | oif 0
          {"meta":{"key":"nfproto"}}                   | "ipv6"                      | meta nfproto ipv6
          {"ct":{"key":"direction"}}                   | "reply"                     | ct direction reply
          {"ct":{"key":"status"}}                      | "dnat"                      | ct status dnat
          """)
  void understands_what_the_gate_writes(String left, String right, String text) {
    NftRule rule =
        rule("{\"match\":{\"op\":\"==\",\"left\":" + left + ",\"right\":" + right + "}}," + ACCEPT);
    assertThat(rule.toText()).isEqualTo(text + " accept");
  }

  @Test
  void a_port_names_its_protocol() {
    NftRule rule =
        rule(
            """
            {"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":{"range":[80,89]}}},
            {"counter":"r1"},{"drop":null}
            """);
    assertThat(rule.toText()).isEqualTo("meta l4proto 6 th dport 80-89 counter name \"r1\" drop");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"match\":{\"op\":\"!=\",\"left\":{\"meta\":{\"key\":\"l4proto\"}},\"right\":6}}",
        "{\"match\":{\"op\":\"==\",\"left\":{\"meta\":{\"key\":\"mark\"}},\"right\":1}}",
        "{\"match\":{\"op\":\"==\",\"left\":{\"meta\":{\"key\":\"oif\"}},\"right\":\"eth0\"}}",
        "{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"ip\",\"field\":\"ttl\"}},\"right\":1}}",
        "{\"limit\":{\"rate\":1}}",
        "{\"counter\":{\"packets\":0,\"bytes\":0}}",
      })
  void what_it_does_not_know_equals_nothing_of_ours(String statement) {
    NftRule ours = new NftRule(List.of(), Optional.empty(), NftRule.Verdict.Accept.ACCEPT);
    assertThat(rule(ACCEPT).sameAs(ours)).isTrue();
    assertThat(rule(statement + "," + ACCEPT).sameAs(ours)).isFalse();
    assertThat(rule(ACCEPT + "," + statement).sameAs(ours)).isFalse();
  }
}
