package dev.reeve.server.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Group;
import dev.reeve.model.gp.Som;
import dev.reeve.server.rsop.PeerLists.Resolved;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Three hosts: web and db in an OU each, web in group Inner, which is in group Outer; gone has no
/// entry any more.
class PeerListsTest {

  private static final Dn DOMAIN = Dn.parse("DC=corp");
  private static final Map<String, HostId> HOSTS =
      Map.of(
          "web", new HostId("1".repeat(32)),
          "db", new HostId("2".repeat(32)),
          "gone", new HostId("3".repeat(32)));

  private static Computer computer(String name, String ou) {
    return new Computer(
        Dn.parse("CN=" + name + ",OU=" + ou + ",DC=corp"),
        Optional.of("guid-" + name),
        name,
        Optional.empty(),
        List.of());
  }

  private static Group group(String name, Dn member) {
    return new Group(Dn.parse("CN=" + name + ",DC=corp"), Optional.empty(), Set.of(member));
  }

  private static DirectorySnapshot snapshot() {
    Computer web = computer("web", "Web");
    Computer db = computer("db", "Data");
    Group inner = group("Inner", web.dn());
    Group outer = group("Outer", inner.dn());
    Som domain = som(DOMAIN, Som.Kind.DOMAIN);
    Som data = som(Dn.parse("OU=Data,DC=corp"), Som.Kind.OU);
    return new DirectorySnapshot(
        Map.of(domain.dn(), domain, data.dn(), data),
        Map.of(),
        Map.of(),
        Map.of(web.dn(), web, db.dn(), db),
        Map.of(inner.dn(), inner, outer.dn(), outer),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of());
  }

  private static Som som(Dn dn, Som.Kind kind) {
    return new Som(dn, kind, List.of(), false, true);
  }

  private static Resolved resolve(List<String> allow, List<String> deny) {
    return new PeerLists(
            snapshot(),
            HOSTS.entrySet().stream()
                .map(e -> new HostRegister.Enrolled(e.getValue(), "guid-" + e.getKey()))
                .toList())
        .resolve(allow, deny);
  }

  private static List<String> names(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" \\+ "));
  }

  @ParameterizedTest(name = "allow {0}, deny {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CN=web,OU=Web,DC=corp           | ''                       | web
          CN=WEB, ou=web, dc=corp         | ''                       | web
          CN=Inner,DC=corp                | ''                       | web
          CN=Outer,DC=corp                | ''                       | web
          OU=Data,DC=corp                 | ''                       | db
          DC=corp                         | ''                       | db web
          CN=Outer,DC=corp + OU=Data,DC=corp | ''                    | db web
          DC=corp                         | CN=Outer,DC=corp         | db
          CN=web,OU=Web,DC=corp           | CN=web,OU=Web,DC=corp    | ''
          ''                              | OU=Data,DC=corp          | web
          ''                              | CN=Inner,DC=corp         | db
          """)
  void names_mean_hosts_and_deny_wins(String allow, String deny, String expected) {
    PeerList list = ((Resolved.Good) resolve(names(allow), names(deny))).list();
    assertThat(
            Stream.of("db", "gone", "web")
                .filter(name -> list.allows(HOSTS.get(name)))
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @Test
  void a_name_that_is_nobodys_leaves_all_of_it_open() {
    assertThat(resolve(List.of("DC=corp", "CN=Typo,DC=corp"), List.of()))
        .isEqualTo(new Resolved.Unknown("CN=Typo,DC=corp"));
    assertThat(resolve(List.of(), List.of("CN=Typo,DC=corp")))
        .isEqualTo(new Resolved.Unknown("CN=Typo,DC=corp"));
    assertThat(resolve(List.of("no name=,,"), List.of()))
        .isEqualTo(new Resolved.Unknown("no name=,,"));
  }
}
