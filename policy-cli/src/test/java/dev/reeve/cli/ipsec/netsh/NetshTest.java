package dev.reeve.cli.ipsec.netsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.json.JsonText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetshTest {

  private static final List<String> FILTER =
      List.of(
          "srcaddr",
          "dstaddr",
          "description",
          "protocol",
          "mirrored",
          "srcmask",
          "dstmask",
          "srcport",
          "dstport");

  private static Tags filter(String words) {
    return Tags.parse("add filter", FILTER, List.of(words.split(" ")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          srcaddr=me dstaddr=any protocol=tcp dstport=80       | me <-> any port 80 tcp
          srca=any dsta=me prot=TCP dstport=0 mirrored=no      | any -> me tcp
          10.0.0.1 any                                         | 10.0.0.1 <-> any
          srcaddr=10.1.2.3 srcmask=255.255.0.0 dstaddr=me      | 10.1.0.0/16 <-> me
          srcaddr=10.1.2.3 srcmask=24 dstaddr=gateway          | 10.1.2.0/24 <-> gateway
          srcaddr=10.0.0.1-10.0.0.9 dstaddr=ME                 | 10.0.0.1-10.0.0.9 <-> me
          srcaddr=web.corp.example dstaddr=DNS                 | name:web.corp.example <-> dns
          srcaddr=2001:db8::/32 dstaddr=me protocol=raw        | 2001:db8::/32 <-> me 255
          srcaddr=me dstaddr=any protocol=udp srcport=500-510  | me port 500-510 <-> any udp
          """)
  void filters(String words, String filter) {
    assertThat(Netsh.filter(filter(words))).hasToString(filter);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dstaddr=me                                    | add filter: srcaddr= is missing
          srcaddr=me srcaddr=any dstaddr=me             | add filter: srcaddr is given twice
          src=me                                        | add filter: 'src' may be srcaddr or srcmask or srcport
          colour=red                                    | add filter: no argument is called 'colour'
          srcaddr=me dstaddr=any protocol=tcp dstport=70000 | dstport
          srcaddr=me dstaddr=any dstport=80             | only TCP and UDP have them
          srcaddr=me dstaddr=any srcmask=24             | a mask goes with one address only
          srcaddr=10.0.0.1 srcmask=255.0.255.0 dstaddr=me | whose ones stand in front
          srcaddr=me dstaddr=any mirrored=perhaps       | mirrored: found 'perhaps', expected yes or no
          """)
  void what_is_wrong_is_said(String words, String message) {
    assertThatThrownBy(() -> Netsh.filter(filter(words)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3DES-SHA1-2 3DES-MD5-2 DES-SHA1-1   | 3des-sha1-modp1024 3des-md5-modp1024 des-sha1-modp768
          3DES-SHA1-3                         | 3des-sha1-modp2048
          AES256-SHA256-ECP256 aes256gcm-sha384-20 | aes256-sha256-ecp256 aes256gcm16-sha384-ecp384
          """)
  void main_mode_methods(String text, String proposals) {
    assertThat(Netsh.mainModeMethods(text))
        .map(Object::toString)
        .containsExactly(proposals.split(" "));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ESP[3DES,SHA1]:204800k/300s | {"esp":"3des","espIntegrity":"sha1","seconds":300,"kilobytes":204800}
          AH[MD5]:204800k/300s        | {"ah":"md5","seconds":300,"kilobytes":204800}
          AH[SHA1]+ESP[DES,None]      | {"esp":"des","ah":"sha1","seconds":3600,"kilobytes":100000}
          ESP[None,SHA256]            | {"esp":"null","espIntegrity":"sha256","seconds":3600,"kilobytes":100000}
          ESP[AES256GCM]:1k/1s        | {"esp":"aes256gcm16","seconds":1,"kilobytes":1}
          """)
  void quick_mode_methods(String text, String json) {
    var offers = Netsh.quickModeMethods(text, PerfectForwardSecrecy.None.NONE);
    assertThat(offers).hasSize(1);
    assertThat(IpsecJson.write(offers.getFirst())).isEqualTo(JsonText.parse(json));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ESP                 | expected ESP[CIPHER,HASH]
          ESP[ROT13,SHA1]     | found 'ROT13', expected DES
          ESP[None,None]      | protects nothing
          ESP[AES256GCM,SHA1] | carries its own integrity
          AH[None]            | AH needs an integrity algorithm
          ESP[3DES,SHA1]:0k/300s | 0 kilobytes
          """)
  void offers_that_make_no_sense(String text, String message) {
    assertThatThrownBy(() -> Netsh.quickModeMethods(text, PerfectForwardSecrecy.None.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void authentication_keeps_its_order() {
    Tags tags =
        Tags.parse(
            "add rule",
            List.of("kerberos", "psk", "rootca*"),
            List.of(
                "rootca=CN=One, O=Corp certmap:yes excludecaname:no",
                "kerberos=yes",
                "rootca=CN=Two"));
    assertThat(
            Netsh.authentication(
                    tags,
                    key -> {
                      throw new IllegalArgumentException(key);
                    },
                    true)
                .orElseThrow())
        .map(method -> JsonText.write(IpsecJson.write(method)))
        .containsExactly(
            "{\"kind\":\"certificate\",\"authority\":\"CN=One, O=Corp\",\"accountMapping\":true,\"excludeAuthorityName\":false}",
            "{\"kind\":\"kerberos\"}",
            "{\"kind\":\"certificate\",\"authority\":\"CN=Two\",\"accountMapping\":false,\"excludeAuthorityName\":false}");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ipsecexempt      | 0
          IPsecDiagnostics | 7
          ikelogging       | 1
          strongcrlcheck   | 2
          ipsecloginterval | 86400
          bootmode         | Block
          bootexemptions   | none
          bootexemptions   | TCP:0:22:inbound UDP:68:67:outbound
          """)
  void settings(String name, String value) {
    assertThat(Netsh.value(Netsh.property(name), value)).isNotNull();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ipsecexempt      | 4     | found 4, expected 0..3
          ipsecdiagnostics | 8     | found 8, expected 0..7
          ikelogging       | 2     | found 2, expected 0..1
          strongcrlcheck   | -1    | found -1, expected 0..2
          ipsecloginterval | 59    | found 59, expected 60..86400
          bootmode         | open  | found 'open', expected one of stateful, block, permit
          bootexemptions   | TCP   | strings like TCP:80:80:outbound
          legacy           | 1     | expected one of bootmode, bootexemptions, ipsecexempt
          """)
  void a_setting_out_of_range_is_refused_with_what_was_wanted(
      String name, String value, String message) {
    assertThatThrownBy(() -> Netsh.value(Netsh.property(name), value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void a_mask_of_nothing_is_everything() {
    assertThat(Netsh.address("0.0.0.0", Optional.of("0.0.0.0"))).hasToString("0.0.0.0/0");
  }
}
