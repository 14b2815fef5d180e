package dev.reeve.engine.xfrm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.model.net.IpAddress;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class XfrmReaderTest {

  private final XfrmReader reader =
      new XfrmReader(Map.of("tcp", 6, "udp", 17, "ipv6-icmp", 58, "icmp", 1));

  /// As iproute2 6.1 prints it, one line each; what is not ours is left out.
  @Test
  void what_was_written_is_read_back() {
    String listed =
        String.join(
            "\n",
            "src 10.9.0.1/32 dst 10.9.0.0/24 proto tcp dport 80 \\\tdir out priority 1379926016"
                + " ptype main \\\ttmpl src 0.0.0.0 dst 0.0.0.0\\\t\tproto esp reqid 1073741901"
                + " mode transport\\\t\tlevel use \\",
            "src fd00::1/128 dst ::/0 proto ipv6-icmp type 135 \\\tdir out priority 1375731712"
                + " ptype main \\",
            "src 10.9.0.0/24 dst 10.9.0.1/32 proto 46 \\\tdir in priority 1375731713 ptype main \\"
                + "\ttmpl src 0.0.0.0 dst 0.0.0.0\\\t\tproto ah reqid 1073741902 mode transport\\",
            "src 10.9.0.1/32 dst 0.0.0.0/0 proto udp \\\tdir out action block priority 1375731714"
                + " ptype main \\",
            "src 10.0.0.0/8 dst 10.1.0.0/16 \\\tdir fwd priority 1375731715 ptype main \\\ttmpl src"
                + " 1.2.3.4 dst 5.6.7.8\\\t\tproto esp reqid 1073741903 mode tunnel\\",
            "src 10.0.0.0/8 dst 10.1.0.0/16 \\\tdir out priority 600 ptype main \\",
            "src 0.0.0.0/0 dst 0.0.0.0/0 \\\tsocket in priority 0 ptype main \\");

    assertThat(
            reader.policies(listed).stream()
                .map(XfrmPolicy::toUpdate)
                .collect(Collectors.joining("\n")))
        .isEqualTo(
            """
            xfrm policy update dir out src 10.9.0.1/32 dst 10.9.0.0/24 proto 6 dport 80 priority 1379926016 tmpl proto esp reqid 1073741901 mode transport level use
            xfrm policy update dir out src fd00::1/128 dst ::/0 proto 58 type 135 action allow priority 1375731712
            xfrm policy update dir in src 10.9.0.0/24 dst 10.9.0.1/32 proto 46 priority 1375731713 tmpl proto ah reqid 1073741902 mode transport level required
            xfrm policy update dir out src 10.9.0.1/32 dst 0.0.0.0/0 proto 17 action block priority 1375731714
            xfrm policy update dir fwd src 10.0.0.0/8 dst 10.1.0.0/16 priority 1375731715 tmpl src 1.2.3.4 dst 5.6.7.8 proto esp reqid 1073741903 mode tunnel level required\
            """);
  }

  @Test
  void a_policy_with_more_than_we_write_is_foreign() {
    var read =
        reader.policies(
            "src 10.9.0.1/32 dst 10.9.0.0/24 \\\tdir out priority 1375731712 ptype main \\\ttmpl"
                + " src 0.0.0.0 dst 0.0.0.0\\\t\tproto esp reqid 1 mode transport\\\ttmpl src"
                + " 0.0.0.0 dst 0.0.0.0\\\t\tproto ah reqid 1 mode transport\\");
    assertThat(read)
        .singleElement()
        .extracting(XfrmPolicy::action)
        .isInstanceOf(Action.Foreign.class);
  }

  @Test
  void associations_of_ours_are_read() {
    var read =
        reader.states(
            "src 10.9.0.1 dst 10.9.0.2\\\tproto esp spi 0xc1234567 reqid 1073741901 mode"
                + " tunnel\\\treplay-window 0 \\\n"
                + "src 10.9.0.1 dst 10.9.0.3\\\tproto esp spi 0x00000000 reqid 1073741901 mode"
                + " transport\\\n"
                + "src 10.9.0.1 dst 10.9.0.4\\\tproto esp spi 0x00000001 reqid 7 mode"
                + " transport\\\n");
    assertThat(read)
        .containsExactly(
            new XfrmState(
                IpAddress.parse("10.9.0.1"),
                IpAddress.parse("10.9.0.2"),
                Protocol.ESP,
                0xc1234567L,
                1073741901,
                true),
            new XfrmState(
                IpAddress.parse("10.9.0.1"),
                IpAddress.parse("10.9.0.3"),
                Protocol.ESP,
                0,
                1073741901,
                false));
    assertThat(read.getFirst().toDelete())
        .containsExactly("xfrm state delete src 10.9.0.1 dst 10.9.0.2 proto esp spi 0xc1234567");
  }
}
