package dev.reeve.engine.negotiate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.ike.IkeState.ChildAssociation;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatPeersTest {

  /// An association is `ADDRESS:PORT NAME MODE`, by charon's numbers from 1; `nat` before it says
  /// that a NAT stands before the peer.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nobody                                    |                                                                 |                                  |                     |
          without a NAT nothing is in UDP           | 10.0.0.9:500 a plain                                            |                                  |                     |
          one host                                  | nat 192.0.2.9:4500 a transport                                  | 192.0.2.9:4500                   | 192.0.2.9=a         |
          the NAT is before this host alone         | 192.0.2.1:4500 a transport                                      | 192.0.2.1:4500                   |                     |
          a second host                             | nat 192.0.2.9:4500 a transport; nat 192.0.2.9:1024 b transport  | 192.0.2.9:4500                   | 192.0.2.9=a         | 2
          a third one too                           | nat 192.0.2.9:1 a transport; nat 192.0.2.9:2 b transport; nat 192.0.2.9:3 c transport | 192.0.2.9:1 | 192.0.2.9=a        | 2 3
          the first host anew, behind another port  | nat 192.0.2.9:4500 a transport; nat 192.0.2.9:1024 a transport  | 192.0.2.9:1024 192.0.2.9:4500    | 192.0.2.9=a         |
          behind another NAT                        | nat 192.0.2.8:4500 a transport; nat 192.0.2.9:4500 b transport  | 192.0.2.8:4500 192.0.2.9:4500    | 192.0.2.8=a 192.0.2.9=b |
          tunnels share                             | nat 192.0.2.9:4500 a tunnel; nat 192.0.2.9:1024 b tunnel        | 192.0.2.9:1024 192.0.2.9:4500    |                     |
          a tunnel, and a host                      | nat 192.0.2.9:4500 a tunnel; nat 192.0.2.9:1024 b transport     | 192.0.2.9:1024 192.0.2.9:4500    | 192.0.2.9=b         |
          IPv6                                      | nat 2001:db8::9:4500 a transport; nat 2001:db8::9:1 b transport | 2001:db8::9:4500                 | 2001:db8::9=a       | 2
          """)
  void who_is_spoken_with(
      String name, String associations, String doors, String owners, String refused) {
    NatPeers peers = NatPeers.of(read(associations));

    assertThat(
            String.join(
                " ",
                peers.doors().doors().stream().map(d -> d.address() + ":" + d.port()).toList()))
        .isEqualTo(text(doors));
    var sorted = new TreeMap<>(peers.owners());
    assertThat(
            String.join(
                " ", sorted.entrySet().stream().map(o -> o.getKey() + "=" + o.getValue()).toList()))
        .isEqualTo(text(owners));
    assertThat(peers.doors().taken()).containsExactlyElementsOf(sorted.keySet());
    assertThat(
            String.join(
                " ", peers.refused().stream().map(r -> Long.toString(r.association())).toList()))
        .isEqualTo(text(refused));
    for (IkeAssociation one : read(associations)) {
      assertThat(peers.refuses(one)).isEqualTo(text(refused).contains(Long.toString(one.id())));
    }
  }

  private static String text(String cell) {
    return Optional.ofNullable(cell).orElse("");
  }

  private static List<IkeAssociation> read(String text) {
    var read = new ArrayList<IkeAssociation>();
    if (text == null) return read;
    for (String one : text.split("; ")) {
      boolean nat = one.startsWith("nat ");
      String[] words = one.replaceFirst("^nat ", "").split(" ");
      int colon = words[0].lastIndexOf(':');
      boolean plain = words[2].equals("plain");
      read.add(
          new IkeAssociation(
              read.size() + 1,
              "reeve-1",
              "ESTABLISHED",
              false,
              "10.0.0.1",
              words[0].substring(0, colon),
              Integer.parseInt(words[0].substring(colon + 1)),
              nat,
              words[1],
              List.of(child(words[2].equals("tunnel") ? "TUNNEL" : "TRANSPORT", !plain))));
    }
    return read;
  }

  private static ChildAssociation child(String mode, boolean inUdp) {
    return new ChildAssociation(
        1,
        "r",
        Optional.of(1L),
        "INSTALLED",
        "ESP",
        mode,
        inUdp,
        Set.of(1L),
        List.of(),
        List.of(),
        0,
        0);
  }
}
