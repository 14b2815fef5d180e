package dev.reeve.cli.ipsec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.control.ControlRequest;
import dev.reeve.agent.control.ControlServer;
import dev.reeve.agent.dynamic.DynamicChange;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Golden;
import dev.reeve.cli.Ran;
import dev.reeve.cli.text.SightText;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `ipsec dynamic` against the agent's own socket, with an agent that says what a test wants.
class DynamicCommandTest {

  @TempDir Path run;
  private final List<ControlRequest> asked = new ArrayList<>();
  private JsonObject answer =
      object("{\"changed\":true,\"steps\":[\"load table inet reeve\"],\"rules\":[]}");
  private ControlServer socket;

  @BeforeEach
  void listen() throws IOException {
    socket = ControlServer.open(run, this::answer);
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  private JsonObject answer(ControlRequest request) {
    asked.add(request);
    return request == ControlRequest.Simple.SIGHT ? sight() : answer;
  }

  private static JsonObject object(String json) {
    return (JsonObject) JsonText.parse(json);
  }

  /// As an agent with a domain policy, a dynamic rule and one peer answered.
  private static JsonObject sight() {
    try (InputStream in = DynamicCommandTest.class.getResourceAsStream("/sight.json")) {
      return object(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Ran dynamic(String... words) {
    var all = new ArrayList<>(List.of("ipsec", "dynamic"));
    all.addAll(Arrays.asList(words));
    all.addAll(List.of("--run", run.toString()));
    return Ran.reeve(all.toArray(String[]::new));
  }

  private DynamicChange change() {
    return asked.stream()
        .filter(ControlRequest.Change.class::isInstance)
        .map(request -> ((ControlRequest.Change) request).what())
        .map(what -> DynamicChange.read(JsonMembers.of("$", what)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void show_all_reads_as_recorded() {
    Ran ran = dynamic("show", "all");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    Golden.assertMatches("dynamic/all.txt", ran.out());
    assertThat(dynamic("show")).isEqualTo(ran);
    assertThat(ran.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void every_part_is_shown_and_is_json() {
    for (String part : SightText.PARTS) {
      Ran text = dynamic("show", part);
      assertThat(text.code()).as(part).isZero();
      assertThat(text.out()).as(part).isNotBlank();
      Ran json = dynamic("show", part, "--output", "json");
      assertThat(JsonText.parse(json.out())).as(part).isInstanceOf(JsonObject.class);
    }
    Golden.assertMatches(
        "dynamic/mmfilter.json", dynamic("show", "mmfilter", "--output", "json").out());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          add rule srcaddr=any dstaddr=me protocol=tcp dstport=23                | {"change":"put-rule","new":true,"rule":{"filter":{"source":"any","destination":"me","protocol":"tcp","destinationPorts":"23"},"mmpolicy":"","qmpolicy":"","actionInbound":"block","actionOutbound":"block","authentication":[],"networkType":"all"}}
          add rule me 10.0.0.1 mm qm                                             | {"change":"put-rule","new":true,"rule":{"filter":{"source":"me","destination":"10.0.0.1"},"mmpolicy":"mm","qmpolicy":"qm","actionInbound":"negotiate","actionOutbound":"negotiate","authentication":[{"kind":"kerberos"}],"networkType":"all"}}
          add mmpolicy name=mm mmlifetime=60 mmsecmethods=AES256-SHA256-3        | {"change":"put-mmpolicy","new":true,"name":"mm","mainMode":{"pfs":false,"quickModes":0,"seconds":3600,"proposals":[{"encryption":"aes256","integrity":"sha256","group":"modp2048"}]}}
          add qmpolicy name=qm soft=yes pfs=GRPMM qmsec=ESP[AES128,SHA1]:1k/2s   | {"change":"put-qmpolicy","new":true,"name":"qm","action":{"kind":"negotiate","name":"qm","acceptUnsecuredInbound":true,"allowFallbackToClear":true,"offers":[{"esp":"aes128","espIntegrity":"sha1","seconds":2,"kilobytes":1,"pfs":"main-mode"}]}}
          set config property=ipsecexempt value=0                                | {"change":"set-config","setting":"ipsecExempt","value":0}
          set config ipsecexempt value=0                                         | {"change":"set-config","setting":"ipsecExempt","value":0}
          set config IPSECEXEMPT 0                                               | {"change":"set-config","setting":"ipsecExempt","value":0}
          set mmpolicy name=strong mmlifetime=30                                 | {"change":"put-mmpolicy","new":false,"name":"strong","mainMode":{"pfs":false,"quickModes":5,"seconds":1800,"proposals":[{"encryption":"aes256gcm16","integrity":"sha384","group":"ecp384"}]}}
          set mmpolicy strong mmsec=AES256-SHA256-3                              | {"change":"put-mmpolicy","new":false,"name":"strong","mainMode":{"pfs":false,"quickModes":5,"seconds":3600,"proposals":[{"encryption":"aes256","integrity":"sha256","group":"modp2048"}]}}
          set qmpolicy name=esp soft=yes                                         | {"change":"put-qmpolicy","new":false,"name":"esp","action":{"kind":"negotiate","name":"esp","acceptUnsecuredInbound":true,"allowFallbackToClear":true,"offers":[{"esp":"aes128","espIntegrity":"sha1","seconds":2,"kilobytes":1,"pfs":"modp2048"}]}}
          set qmpolicy name=esp pfsgroup=GRPMM                                   | {"change":"put-qmpolicy","new":false,"name":"esp","action":{"kind":"negotiate","name":"esp","acceptUnsecuredInbound":false,"allowFallbackToClear":false,"offers":[{"esp":"aes128","espIntegrity":"sha1","seconds":2,"kilobytes":1,"pfs":"main-mode"}]}}
          set qmpolicy esp qmsec=ESP[AES256,SHA1]:3k/4s                          | {"change":"put-qmpolicy","new":false,"name":"esp","action":{"kind":"negotiate","name":"esp","acceptUnsecuredInbound":false,"allowFallbackToClear":false,"offers":[{"esp":"aes256","espIntegrity":"sha1","seconds":4,"kilobytes":3,"pfs":"modp2048"}]}}
          set rule any me prot=tcp dstport=23 actionin=permit                    | {"change":"put-rule","new":false,"rule":{"filter":{"source":"any","destination":"me","protocol":"tcp","destinationPorts":"23"},"mmpolicy":"","qmpolicy":"","actionInbound":"permit","actionOutbound":"block","authentication":[],"networkType":"all"}}
          delete rule any me tcp dstport=23                                      | {"change":"delete-rule","rule":{"filter":{"source":"any","destination":"me","protocol":"tcp","destinationPorts":"23"},"mmpolicy":"","qmpolicy":"","actionInbound":"block","actionOutbound":"block","authentication":[],"networkType":"all"}}
          delete rule me 10.0.0.0/8 tunneldst=192.0.2.1 mirr=no                  | {"change":"delete-rule","rule":{"filter":{"source":"me","destination":"10.0.0.0/8","mirrored":false},"mmpolicy":"-","qmpolicy":"-","actionInbound":"negotiate","actionOutbound":"negotiate","authentication":[{"kind":"kerberos"}],"tunnel":"192.0.2.1","networkType":"all"}}
          delete mmpolicy name=strong                                            | {"change":"delete-mmpolicy","name":"strong"}
          delete mmpolicy name=all                                               | {"change":"delete-mmpolicy","name":null}
          delete qmpolicy esp                                                    | {"change":"delete-qmpolicy","name":"esp"}
          delete qmpolicy name=all                                               | {"change":"delete-qmpolicy","name":null}
          delete all                                                             | {"change":"delete-all"}
          """)
  void words_become_a_change(String words, String json) {
    Ran ran = dynamic(words.split(" "));
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("Done: load table inet reeve.");
    assertThat(change()).isEqualTo(DynamicChange.read(JsonMembers.of("$", JsonText.parse(json))));
  }

  @Test
  void associations_are_ended() {
    answer = object("{\"ended\":2}");
    assertThat(dynamic("delete", "sa").out()).contains("Ended 2 main-mode associations.");
    assertThat(dynamic("delete", "sa", "peer=10.0.0.2").code()).isZero();
    assertThat(asked)
        .containsExactly(
            new ControlRequest.EndAssociations(java.util.Optional.empty()),
            new ControlRequest.EndAssociations(java.util.Optional.of("10.0.0.2")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          show everything                                | expected one of all, activepolicy
          show mmsas 10.0.0.1                            | expected one of
          add                                            | add what?
          add policy name=x                              | found 'policy', expected mmpolicy, qmpolicy or rule
          add rule srcaddr=me                            | add rule: dstaddr= is missing
          add rule srcaddr=any dstaddr=any actionin=block actionout=permit | only when one end of the filter is me
          add rule srcaddr=me dstaddr=any mmpolicy=x     | needs mmpolicy and qmpolicy
          add rule srcaddr=me dstaddr=any mmp=x qmp=y psk=secret | takes no pre-shared key
          add mmpolicy name=x mmlifetime=0               | mmlifetime: found '0', expected 1..2880
          set config property=ipsecexempt value=4        | found 4, expected 0..3
          set config property=ipsecloginterval value=59  | found 59, expected 60..86400
          set config property=colour value=1             | found 'colour', expected one of bootmode
          set config ipsecexempt                         | set config: value= is missing
          set policy name=x                              | found 'policy', expected mmpolicy, qmpolicy, rule or config
          set qmpolicy soft=yes                          | set qmpolicy: name= is missing
          set mmpolicy name=x mmlifetime=2881            | mmlifetime: found '2881', expected 1..2880
          set rule srcaddr=me                            | set rule: dstaddr= is missing
          delete mmpolicy                                | delete mmpolicy: name= is missing
          delete qmpolicy                                | delete qmpolicy: name= is missing
          delete rule dstaddr=me                         | delete rule: srcaddr= is missing
          delete everything                              | found 'everything', expected mmpolicy, qmpolicy, rule, all or sa
          delete all now                                 | takes no arguments, found 'now'
          delete sa peer=nobody                          | peer
          """)
  void what_makes_no_sense_is_a_usage_error_that_says_what_was_wanted(
      String words, String message) {
    Ran ran = dynamic(words.split(" "));
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains(message).doesNotContain("secret");
    assertThat(asked).noneMatch(ControlRequest.Change.class::isInstance);
  }

  @Test
  void what_the_agent_refuses_is_a_no() {
    answer = ControlServer.error("REFUSED", "no dynamic rule is for any <-> me");
    Ran ran = dynamic("delete", "rule", "any", "me");
    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).contains("no dynamic rule is for any <-> me");
    answer = ControlServer.error("NOT_PERMITTED", "only root and the agent's own user may do this");
    assertThat(dynamic("delete", "all").code()).isEqualTo(ExitCode.NOT_PERMITTED);
  }

  @Test
  void with_no_agent_the_code_is_3() throws IOException {
    socket.close();
    assertThat(dynamic("show", "all").code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(dynamic("delete", "all").code()).isEqualTo(ExitCode.UNREACHABLE);
  }
}
