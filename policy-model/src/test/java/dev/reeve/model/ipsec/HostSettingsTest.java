package dev.reeve.model.ipsec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostSettingsTest {

  private static HostSettings read(String json) {
    return HostSettings.read(JsonMembers.of("$", JsonText.parse(json.replace('\'', '"'))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'bootMode':'stateful'}",
        "{'bootMode':'block'}",
        "{'bootMode':'permit'}",
        "{'bootExemptions':[]}",
        "{'bootExemptions':['TCP:80:80:outbound','udp:0:68:Inbound','1:0:0:inbound']}",
        "{'bootExemptions':['ICMP:inbound']}",
        "{'ipsecExempt':0}",
        "{'ipsecExempt':3}",
        "{'strongCrlCheck':2}",
        "{'ikeLogging':1}",
        "{'ipsecDiagnostics':7}",
        "{'ipsecLogInterval':60}",
        "{'ipsecLogInterval':86400}",
        "{'networkAllow':['CN=Web,DC=corp'],'networkDeny':[]}",
        "{'legacy':true}",
        "{'mePrivate':['eth0','br-lan.7']}"
      })
  void reads_what_it_writes(String json) {
    assertThat(JsonText.write(read(json).toJson())).isEqualTo(json.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'bootMode':'open'}",
        "{'bootMode':1}",
        "{'bootMode':null}",
        "{'bootmode':'block'}",
        "{'ipsecExempt':4}",
        "{'ipsecExempt':-1}",
        "{'ipsecExempt':'1'}",
        "{'strongCrlCheck':3}",
        "{'ikeLogging':2}",
        "{'ipsecDiagnostics':8}",
        "{'ipsecLogInterval':59}",
        "{'ipsecLogInterval':86401}",
        "{'legacy':1}",
        "{'mePrivate':['eth 0']}",
        "{'mePrivate':['sixteen-letters-']}",
        "{'mePrivate':'eth0'}",
        "{'networkAllow':['Web']}",
        "{'networkAllow':[1]}",
        "{'bootExemptions':['TCP:80:80']}",
        "{'bootExemptions':['TCP:65536:80:outbound']}",
        "{'bootExemptions':['TCP:80:99999:outbound']}",
        "{'bootExemptions':['foo:80:80:outbound']}",
        "{'bootExemptions':['256:0:0:outbound']}",
        "{'bootExemptions':['icmp:80:80:outbound']}",
        "{'bootExemptions':['tcp:outbound']}",
        "{'bootExemptions':['TCP:80:80:sideways']}",
        "{'unknown':1}"
      })
  void refuses_what_is_unknown_or_out_of_range(String json) {
    assertThatThrownBy(() -> read(json))
        .isExactlyInstanceOf(JsonException.class)
        .hasMessageStartingWith("$");
  }

  @Test
  void absent_settings_have_their_defaults() {
    assertThat(HostSettings.DEFAULTS.bootMode()).isEqualTo("stateful");
    assertThat(HostSettings.DEFAULTS.ipsecExempt()).isEqualTo(3);
    assertThat(HostSettings.DEFAULTS.strongCrlCheck()).isZero();
    assertThat(HostSettings.DEFAULTS.legacy()).isFalse();
    assertThat(HostSettings.DEFAULTS.mePrivate()).isEmpty();
  }
}
