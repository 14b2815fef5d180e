package dev.reeve.engine.xfrm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.model.net.IpAddress;
import org.junit.jupiter.api.Test;

class XfrmReaderTest {

  @Test
  void associations_of_ours_are_read() {
    var read =
        XfrmReader.states(
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
