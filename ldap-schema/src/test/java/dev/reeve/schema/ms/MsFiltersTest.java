package dev.reeve.schema.ms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.ipsec.Filter;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Filter lists in both forms, and the newer block behind them.
class MsFiltersTest {

  @Test
  void form_a_of_a_filter_list_is_read() {
    var entry = Samples.entry("{72385235-70FA-11D1-864C-14A300000000}");
    assertThat(Samples.data(entry)).hasSize(103);
    var filters = ((FilterPart) Samples.decode(entry, Samples.data(entry))).filters();
    assertThat(filters).singleElement().hasToString("me <-> any icmp");
    assertThat(filters.getFirst().description()).isEqualTo("ICMP");
  }

  @Test
  void form_b_of_a_filter_list_is_read() {
    var specs =
        new Blob()
            .add(spec(0, "00000000 ffffffff", "00000000 00000000", 6, 0, 53, 0))
            .add(spec(0, "00000000 ffffffff", "00000000 00000000", 6, 0, 443, 0))
            .add(spec(0, "00000000 00000000", "00000000 ffffffff", 6, 443, 0, 0))
            .add(spec(1, "00000000 00000000", "00000000 00000000", 17, 0, 67, 0))
            .add(spec(1, "34000000 ffff0000", "c000020a ffffffff", 0, 0, 0, 0));
    byte[] data = list(specs.size(), 5).add(specs.bytes()).bytes();
    assertThat(data).hasSize(374);
    assertThat(texts(data))
        .containsExactly(
            "me -> any port 53 tcp",
            "me -> any port 443 tcp",
            "any port 443 -> me tcp",
            "any <-> any port 67 udp",
            "52.0.0.0/16 <-> 192.0.2.10");
  }

  @Test
  void an_empty_filter_list_is_read_in_both_forms() {
    assertThat(texts(list(4, 0).u8(0).bytes())).isEmpty();
    assertThat(texts(list(0, 0).bytes())).isEmpty();
  }

  @Test
  void special_addresses_are_source_or_destination() {
    var specs = new Blob();
    for (int special : new int[] {1, 2, 3, 4, 0x81, 0x82, 0x83, 0x84})
      specs.add(spec(1, "00000000 ffffffff", "00000000 ffffffff", 0, 0, 0, special));
    assertThat(texts(list(specs.size(), 8).add(specs.bytes()).bytes()))
        .containsExactly(
            "dns <-> me",
            "wins <-> me",
            "dhcp <-> me",
            "gateway <-> me",
            "me <-> dns",
            "me <-> wins",
            "me <-> dhcp",
            "me <-> gateway");
  }

  @Test
  void the_newer_filters_add_ranges_ipv6_and_names() {
    var older = spec(1, "00000000 ffffffff", "0a000000 ff000000", 0, 0, 0, 0);
    var newer =
        new Blob()
            .add(v2("", v2address(8, 3, "", ""), v2address(4, 2, "20010db8", "20"), 0, 0))
            .add(v2("", v2address(0, 1, "", ""), v2address(1, 1, "c0000201", ""), 8000, 0))
            .add(v2("db.corp.example", v2address(0, 2, "", ""), v2address(0x10, 3, "", ""), 0, 0));
    byte[] data =
        list(older.length, 1)
            .add(older)
            .add(v2block(newer.size(), 0, 3))
            .add(newer.bytes())
            .bytes();
    assertThat(texts(data))
        .containsExactly(
            "me <-> 10.0.0.0/8",
            "me <-> 2001:db8::/32",
            "0.0.0.0/0 <-> 192.0.2.1 port 8000-8010 tcp",
            "name:db.corp.example <-> dns");
  }

  @Test
  void a_range_replaces_the_subnets_that_spell_it_out() {
    var older = spec(1, "00000000 ffffffff", "0a000005 ffffffff", 0, 0, 0, 0);
    byte[] newer = v2("", v2address(8, 3, "", ""), v2address(2, 1, "0a000005", "0a000009"), 0, 8);
    byte[] data =
        list(older.length, 1).add(older).add(v2block(newer.length + 8, 0, 1)).add(newer).bytes();
    assertThat(texts(data)).containsExactly("me <-> 10.0.0.5-10.0.0.9");
  }

  private static byte[] spec(
      int mirrored,
      String source,
      String destination,
      int protocol,
      int from,
      int to,
      int special) {
    return new Blob()
        .text("")
        .text("")
        .text("")
        .zeros(16)
        .u32(mirrored)
        .add(source)
        .add(destination)
        .zeros(4)
        .u32(protocol)
        .u16(from)
        .u16(to)
        .u8(0)
        .u8(special)
        .u16(0)
        .bytes();
  }

  private static Blob list(int length, int count) {
    return Blob.hex("b520dc80 c82ed111 a89e00a0 248d3021").u32(length, count);
  }

  private static Blob v2block0() {
    return Blob.hex("3dcdfe35 29ae7343 8a6ac5d8 fab2fb08");
  }

  private static byte[] v2block(int length, int older, int newer) {
    return v2block0().u32(length, older, newer).bytes();
  }

  private static byte[] v2(
      String sourceName, byte[] source, byte[] destination, int port, int flags) {
    var spec =
        new Blob()
            .text(sourceName)
            .text("")
            .text("")
            .zeros(16)
            .u32(1)
            .add(source)
            .add(destination)
            .zeros(8);
    if (port == 0) spec.zeros(8).u32(0);
    else spec.u32(2).u16(port).u16(port + 10).u32(6);
    return spec.u32(flags).bytes();
  }

  private static byte[] v2address(int type, int version, String first, String second) {
    return new Blob().u32(type, version).add(padded(first)).add(padded(second)).bytes();
  }

  private static String padded(String hex) {
    return hex + "00".repeat(16 - hex.length() / 2);
  }

  private static List<String> texts(byte[] data) {
    return MsIpsecData.filters(data).filters().stream().map(Filter::toString).toList();
  }
}
