package dev.reeve.model.ipsec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSpecTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me",
        "any",
        "dns",
        "wins",
        "dhcp",
        "gateway",
        "10.0.0.1",
        "10.0.0.0/8",
        "0.0.0.0/0",
        "::/0",
        "2001:db8::1",
        "10.0.0.1-10.0.0.9",
        "2001:db8::1-2001:db8::ff",
        "name:web-01.corp.example",
        "name:a-b",
        "name:_ldap._tcp.corp.example",
        "name:x."
      })
  void prints_what_it_read(String text) {
    assertThat(AddressSpec.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Me",
        "ANY",
        "web-01",
        "corp.example",
        "10.0.0.1/8",
        "10.0.0.9-10.0.0.1",
        "name:",
        "name:-a",
        "name:a..b",
        "name:a b",
        "name:ä",
        "name:a;drop",
        "name:.a",
        "10.0.0.0/8/8",
        "10.0.0.1-::1",
        "/",
        "-",
        "DNS"
      })
  void refuses_what_is_no_address(String text) {
    assertThatThrownBy(() -> AddressSpec.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "2001:db8::1", "name:gw.corp.example", "me"})
  void tunnel_endpoints_read_back(String text) {
    assertThat(TunnelEndpoint.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Me", "10.0.0.0/8", "gw.corp.example", "name:"})
  void wrong_tunnel_endpoints_are_refused(String text) {
    assertThatThrownBy(() -> TunnelEndpoint.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
