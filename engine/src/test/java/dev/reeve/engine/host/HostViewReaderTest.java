package dev.reeve.engine.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostViewReaderTest {

  @TempDir Path root;

  private void file(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }

  private HostView read(HostView before) {
    return new HostViewReader(
            root,
            new Dns(),
            device -> device.equals("docker0") ? List.of(IpAddress.parse("172.17.0.1")) : List.of())
        .read(Set.of("web.corp", "gone.corp"), List.of("docker0"), List.of(), before);
  }

  private record Dns() implements HostViewReader.Resolver {
    @Override
    public Map<String, List<IpAddress>> ofPolicy(Collection<String> names) {
      return names.stream().collect(Collectors.toMap(name -> name, Dns::addresses));
    }

    @Override
    public Map<String, List<IpAddress>> ofDirectories(Collection<String> names) {
      return ofPolicy(names);
    }

    private static List<IpAddress> addresses(String name) {
      return name.equals("web.corp") ? List.of(IpAddress.parse("10.0.0.2")) : List.of();
    }
  }

  private static List<String> text(List<IpAddress> addresses) {
    return addresses.stream().map(IpAddress::toString).toList();
  }

  @Test
  void reads_what_linux_keeps_in_files() throws IOException {
    file("etc/resolv.conf", "search corp\nnameserver 127.0.0.53\nnameserver fe80::1%eth0\n");
    file("run/systemd/resolve/resolv.conf", "nameserver 10.0.0.53\n# nameserver 10.0.0.99\n");
    file(
        "proc/net/route",
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
            + "eth0\t00000000\tFE00000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
            + "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
    file(
        "proc/net/ipv6_route",
        "00000000000000000000000000000000 00 00000000000000000000000000000000 00"
            + " 20010db8000000000000000000000001 00000400 00000000 00000000 00000003     eth0\n"
            + "00000000000000000000000000000000 00 00000000000000000000000000000000 00"
            + " 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n");
    file("etc/systemd/timesyncd.conf", "[Time]\nNTP=10.0.0.4 ntp.example\n#FallbackNTP=10.0.0.9\n");
    file("etc/chrony/chrony.conf", "pool 2.debian.pool.ntp.org iburst\nserver 10.0.0.5 iburst\n");
    file("run/systemd/netif/leases/2", "ADDRESS=10.0.0.7\nSERVER_ADDRESS=10.0.0.67\n");
    file(
        "var/lib/dhcp/dhclient.eth0.leases",
        "lease {\n  option dhcp-server-identifier 10.0.0.68;\n"
            + "  option netbios-name-servers 10.0.0.41,10.0.0.42;\n}\n");

    HostView view = read(HostView.NONE);

    assertThat(text(view.dnsServers())).containsExactly("fe80::1", "10.0.0.53");
    assertThat(text(view.gateways())).containsExactly("10.0.0.254", "2001:db8::1");
    assertThat(text(view.ntpServers())).containsExactly("10.0.0.4", "10.0.0.5");
    assertThat(text(view.dhcpServers())).containsExactlyInAnyOrder("10.0.0.67", "10.0.0.68");
    assertThat(text(view.winsServers())).containsExactly("10.0.0.41", "10.0.0.42");
    assertThat(text(view.privateAddresses())).containsExactly("172.17.0.1");
    assertThat(view.names())
        .containsEntry("web.corp", List.of(IpAddress.parse("10.0.0.2")))
        .containsEntry("gone.corp", List.of());
  }

  @Test
  void directory_servers_are_those_that_the_hosts_own_clients_are_told_to_ask() throws IOException {
    file(
        "etc/ldap/ldap.conf",
        "BASE dc=corp\n#URI ldap://10.0.0.99\nURI\tldap://10.0.0.8 ldaps://web.corp:3636\n");
    file(
        "etc/nslcd.conf",
        "uri ldap://gone.corp\nuri ldapi:///\nuri ldap://127.0.0.1\nuri ldap://10.0.0.7:99999 ldap://10.0.0.7:0\n");
    file(
        "etc/sssd/sssd.conf",
        "[domain/corp]\nldap_uri = ldaps://[2001:db8::8], _srv_\nldap_backup_uri=ldap://10.0.0.8:\n");

    HostView view = read(HostView.NONE);

    assertThat(view.directories().stream().map(Object::toString))
        .containsExactly("10.0.0.2:3636", "10.0.0.8:389", "[2001:db8::8]:636");
    assertThat(read(view).directories()).isEqualTo(view.directories());
  }

  @Test
  void a_host_without_any_of_them_has_an_empty_view() {
    HostView view = read(HostView.NONE);
    assertThat(view.dnsServers()).isEmpty();
    assertThat(view.gateways()).isEmpty();
  }

  @Test
  void a_name_that_cannot_be_resolved_now_keeps_its_addresses() {
    var known = Map.of("gone.corp", List.of(IpAddress.parse("10.0.0.3")));
    var before =
        new HostView(
            List.of(), List.of(), List.of(), List.of(), known, List.of(), List.of(), List.of());
    assertThat(read(before).names())
        .containsEntry("gone.corp", List.of(IpAddress.parse("10.0.0.3")));
  }

  @Test
  void hostile_lines_are_passed_over() throws IOException {
    file("proc/net/route", "x\neth0 00000000 zz 0003 0 0 0 00000000\n");
    file("etc/resolv.conf", "nameserver\nnameserver ::::\nnameserver \u0000\n");
    assertThat(read(HostView.NONE).dnsServers()).isEmpty();
    assertThat(read(HostView.NONE).gateways()).isEmpty();
  }
}
