package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.GSSAPIBindRequest;
import com.unboundid.ldap.sdk.GSSAPIBindRequestProperties;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SASLQualityOfProtection;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.NativeSamba;
import dev.reeve.lab.TestCa;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.rsop.LinkVerdict;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.Reason;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.ms.Sid;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.schema.read.SnapshotBuilder;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.MovableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A Samba Active Directory of this machine, also as its own administrators' tool changes it.
class SambaContractIT extends LdapDirectoryContract {

  @Override
  NativeDirectory launch(Path state) throws Exception {
    assumeTrue(NativeSamba.missing().isEmpty(), () -> NativeSamba.missing().orElse(""));
    return NativeSamba.start(
        state.resolve("samba"),
        TestCa.make(state.resolve("ca"), NativeSamba.HOST, "DNS:dc1.corp.example,IP:127.0.0.1"));
  }

  /// A forest of its own: no trust is needed to read it with an account of its own.
  @Override
  Optional<NativeDirectory> launchSecond(Path state) throws Exception {
    if (!Boolean.getBoolean("reeve.full")) return Optional.empty();
    return Optional.of(
        NativeSamba.start(
            state.resolve("samba"),
            TestCa.make(state.resolve("ca"), "dc1.eu.example", "IP:127.0.0.1"),
            "eu.example"));
  }

  private NativeSamba samba() {
    return (NativeSamba) server();
  }

  private SambaTools tools() {
    return new SambaTools(samba());
  }

  private void tool(String... words) throws Exception {
    String unused = tools().run(words);
  }

  private static String guid(String gpo) {
    return Dn.parse(gpo).name();
  }

  @Test
  void a_key_table_logs_in_sealed_and_is_followed() throws Exception {
    var kerberos =
        new Credentials.Kerberos(
            "reeve@" + NativeSamba.REALM, samba().keytab(), Optional.of(samba().address()));
    try (var line = Relay.tapped(samba().ldapAddress())) {
      String url = "ldap://127.0.0.1:" + line.port();
      try (var source = new LdapSource(configs().with(kerberos, url, NativeSamba.HOST))) {
        source.start(seen());
        domain().assertIsSeenIn(seen());
        set(domain().files(), LdapAttribute.GP_LINK, domain().link(0));
        seen().await("the link", s -> domain().isSecure(s, domain().files1()));
      }
      assertThat(line.heard()).contains(NativeSamba.REALM).doesNotContain(NativeDirectory.BASE);
      signedOnly(line, kerberos);
      assertThat(line.heard()).as("were it not sealed").contains(NativeDirectory.BASE);
    }
    var inTls = configs().with(kerberos, "ldaps://" + samba().address(), NativeSamba.HOST);
    try (var source = new LdapSource(inTls)) {
      assertThatThrownBy(() -> source.start(new Collected()))
          .isInstanceOf(DirectoryException.class)
          .hasMessageContaining("reeve@" + NativeSamba.REALM);
    }
  }

  private static void signedOnly(Relay line, Credentials.Kerberos kerberos) throws Exception {
    var properties = new GSSAPIBindRequestProperties(kerberos.principal(), (String) null);
    properties.setUseKeyTab(true);
    properties.setKeyTabPath(kerberos.keytab().toString());
    properties.setUseTicketCache(false);
    properties.setServicePrincipalProtocol("ldap");
    properties.setSASLClientServerName(NativeSamba.HOST);
    properties.setRealm(kerberos.realm());
    properties.setKDCAddress(kerberos.kdc().orElseThrow());
    properties.setAllowedQoP(SASLQualityOfProtection.AUTH_INT);
    try (var connection = new LDAPConnection("127.0.0.1", line.port())) {
      connection.bind(new GSSAPIBindRequest(properties));
      assertThat(connection.getEntry(NativeDirectory.BASE)).isNotNull();
    }
  }

  /// What the tool lists for a computer is what we find in scope, in each step, and so is the order
  /// of the links.
  @Test
  void links_made_by_the_administrators_tool_come_to_what_the_tool_lists() throws Exception {
    follow(seen());
    String a = tools().createGpo(domain().name() + " A");
    String b = tools().createGpo(domain().name() + " B");
    String c = tools().createGpo(domain().name() + " C");
    agreed();
    tool("gpo", "setlink", domain().web(), guid(a));
    tool("gpo", "setlink", domain().web(), guid(c));
    agreed();
    tool("gpo", "setlink", domain().top(), guid(b), "--enforce");
    tool("gpo", "setlink", domain().top(), guid(c));
    agreed();
    tool("gpo", "setinheritance", domain().web(), "block");
    agreed();
    tool("gpo", "dellink", domain().web(), guid(a));
    tool("gpo", "setlink", domain().web(), guid(a), "--disable");
    agreed();
    tool("gpo", "setinheritance", domain().web(), "inherit");
    agreed();
    tool("gpo", "dellink", domain().top(), guid(b));
    agreed();
    tool("gpo", "del", guid(c));
    agreed();
  }

  private void agreed() throws Exception {
    Set<String> listed = Set.copyOf(tools().gposOf(domain().web1()));
    seen().await("GPOs " + listed, s -> inScope(s).equals(listed));
    for (String som : List.of(domain().web(), domain().top())) {
      List<String> linked = tools().linksOf(som);
      seen().await("at " + som + " " + linked, s -> linked(s, som).equals(linked));
    }
  }

  /// As the tool shows them: link order 1 last.
  private static List<String> linked(Collected seen, String som) {
    return SmallDomain.snapshot(seen).findSom(Dn.parse(som)).orElseThrow().links().stream()
        .map(link -> link.gpo().name())
        .toList()
        .reversed();
  }

  private Set<String> inScope(Collected seen) {
    return Set.copyOf(
        SmallDomain.rsop(seen, domain().web1()).links().stream()
            .filter(link -> link.applied() || link.reason().equals(Optional.of(Reason.EMPTY)))
            .map(LinkVerdict::guid)
            .toList());
  }

  @Test
  void the_Secure_Server_policy_of_a_fresh_domain_is_assigned_and_read() throws Exception {
    follow(seen());
    String gpo = tools().createSecureGpo(admin(), domain().name() + " natively secure");
    tool("gpo", "setlink", domain().files(), guid(gpo));

    seen()
        .await(
            "the policy",
            s ->
                SmallDomain.rsop(s, domain().files1()).assignment()
                    instanceof PolicyResult.Assigned);
    var assigned = (PolicyResult.Assigned) SmallDomain.rsop(seen(), domain().files1()).assignment();
    assertThat(assigned.by().dn()).isEqualTo(Dn.parse(gpo));
    assertThat(assigned.policy().name()).isEqualTo("Secure Server (Require Security)");
    assertThat(assigned.policy().rules()).hasSize(3);
  }

  @Test
  void sites_and_subnets_of_the_forest_are_followed() throws Exception {
    follow(seen());
    String site = domain().name() + "-site";
    tool("sites", "create", site);
    tool("sites", "subnet", "create", "10.77.0.0/16", site);
    tool("sites", "subnet", "create", "fd77::/48", site);
    String dn = "CN=" + site + ",CN=Sites,CN=Configuration," + NativeDirectory.BASE;
    tool("gpo", "setlink", dn, guid(domain().gpo()));
    for (String address : List.of("10.77.3.4", "fd77::5"))
      seen().await("the site's link", s -> linksAt(s, address).contains(Dn.parse(dn)));
    assertThat(linksAt(seen(), "10.78.3.4")).doesNotContain(Dn.parse(dn));

    tool("sites", "subnet", "remove", "10.77.0.0/16");
    seen().await("the subnet's end", s -> !linksAt(s, "10.77.3.4").contains(Dn.parse(dn)));
    assertThat(linksAt(seen(), "fd77::5")).contains(Dn.parse(dn));

    tool("sites", "remove", site); // which takes it out of the subnet without writing that
    seen()
        .await(
            "the site's end",
            s ->
                s.find("CN=fd77::/48,CN=Subnets,CN=Sites,CN=Configuration," + NativeDirectory.BASE)
                    .filter(subnet -> !subnet.has(LdapAttribute.SITE_OBJECT))
                    .isPresent());
    awaitTruth();
    assertThat(seen().losses()).isEmpty();
  }

  private List<Dn> linksAt(Collected seen, String address) {
    var query =
        new RsopQuery(
            Dn.parse(domain().files1()),
            Optional.empty(),
            Optional.empty(),
            List.of(IpAddress.parse(address)),
            Set.of(),
            Map.of());
    return Rsop.resolve(SmallDomain.snapshot(seen), query).links().stream()
        .map(LinkVerdict::som)
        .toList();
  }

  @Test
  void an_expired_password_is_called_by_its_name_and_serving_goes_on() throws Exception {
    follow(seen());
    var clock = MovableClock.running();
    try (var logged = new Logged();
        var running = new CurrentSnapshot(_ -> SealedSecret.ofBytes(new byte[] {1}), clock);
        var source = source()) {
      source.start(running);
      expired(logged, running, clock);
    }
  }

  private void expired(Logged logged, CurrentSnapshot running, MovableClock clock)
      throws Exception {
    var before = seen().content();
    String account = "CN=reeve,CN=Users," + NativeDirectory.BASE;
    admin()
        .modify(
            account,
            new Modification(ModificationType.REPLACE, "userAccountControl", "512"),
            new Modification(ModificationType.REPLACE, "pwdLastSet", "0"));
    try {
      lose();
      find();
      seen()
          .await(
              "the reason",
              s -> s.losses().stream().anyMatch(why -> why.contains("password has expired")));
      assertThat(seen().content()).isEqualTo(before);
      String shout = "ERROR: lost the directory, going on with the picture of .*, %s s old: .*";
      String reason = "refuses the login of reeve@corp.example: its password has expired; set .*";
      logged.await(line -> line.matches(shout.formatted("[0-9]+") + reason));
      clock.pass(Duration.ofHours(1));
      logged.await(line -> line.matches(shout.formatted("[0-9]{4}") + reason));
      assertThat(running.view().orElseThrow().snapshot().findComputer(Dn.parse(domain().web1())))
          .isPresent();

      tool("user", "setpassword", "reeve", "--newpassword=Another-4-This-Test");
      writePassword("Another-4-This-Test");
      seen().await("contact", s -> !s.isLost());
      logged.await(line -> line.contains("the directory answers again"));
      set(domain().files(), LdapAttribute.GP_LINK, domain().link(0));
      seen().await("a change", s -> domain().isSecure(s, domain().files1()));
    } finally {
      tool("user", "setpassword", "reeve", "--newpassword=" + samba().password());
      tool("user", "setexpiry", "reeve", "--noexpiry");
      writePassword(samba().password());
    }
  }

  /// Only the group is written, neither the computer nor the groups around.
  @Test
  void a_change_of_an_inner_group_is_seen_though_the_computer_is_not_written() throws Exception {
    String outer = "CN=" + domain().name() + " Outer," + domain().top();
    admin()
        .add(
            "dn: " + outer,
            "objectClass: group",
            "sAMAccountName: " + domain().name() + " Outer",
            "member: " + domain().group());
    addAce("(OD;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;" + sid(outer) + ")");
    Modification leave = new Modification(ModificationType.DELETE, "member", domain().web1());
    Modification enter = new Modification(ModificationType.ADD, "member", domain().web1());
    admin().modify(domain().group(), leave);
    follow(seen());
    assertThat(domain().isSecure(seen(), domain().web1())).isTrue();
    String written =
        admin().getEntry(domain().web1(), "uSNChanged").getAttributeValue("uSNChanged");

    admin().modify(domain().group(), enter);
    seen().await("the denial", s -> !domain().isSecure(s, domain().web1()));
    admin().modify(domain().group(), leave);
    seen().await("its end", s -> domain().isSecure(s, domain().web1()));
    assertThat(admin().getEntry(domain().web1(), "uSNChanged").getAttributeValue("uSNChanged"))
        .isEqualTo(written);

    admin().modify(domain().group(), enter);
    seen().await("the denial again", s -> !domain().isSecure(s, domain().web1()));
    admin().delete(domain().web1()); // which writes no group, and takes it out of one
    awaitTruth();
    assertThat(seen().find(domain().group()).orElseThrow().texts(LdapAttribute.MEMBER)).isEmpty();
  }

  /// A reference goes by what it refers to: it follows that to where deleted objects are.
  @Test
  void a_reference_to_a_deleted_object_means_no_other_of_its_name() throws Exception {
    String place = ",CN=IP Security,CN=System," + NativeDirectory.BASE;
    String filter = "CN=ipsecFilter{50A50A50-0000-4000-8000-00000000F117}" + place;
    String rule = "CN=ipsecNFA{50A50A50-0000-4000-8000-00000000F118}" + place;
    admin().add("dn: " + filter, "objectClass: ipsecFilter");
    admin().add("dn: " + rule, "objectClass: ipsecNFA", "ipsecFilterReference: " + filter);
    try {
      follow(seen());
      assertThat(seen().text(rule, LdapAttribute.IPSEC_FILTER_REFERENCE)).contains(filter);
      admin().delete(filter);
      awaitTruth();
      assertThat(seen().text(rule, LdapAttribute.IPSEC_FILTER_REFERENCE).orElse(""))
          .isNotEqualTo(filter);
    } finally {
      admin().delete(rule);
    }
  }

  /// Deny and allow as the tool that edits descriptors writes them.
  @Test
  void a_computer_without_the_right_to_apply_is_filtered() throws Exception {
    follow(seen());
    assertThat(domain().isSecure(seen(), domain().web1())).isTrue();
    String sid = sid(domain().web1());
    addAce("(OD;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;" + sid + ")");
    seen().await("the denial", s -> !domain().isSecure(s, domain().web1()));
    assertThat(filtered()).endsWith(": its access list denies Apply-Group-Policy to " + sid);
  }

  /// Reeve's account reads it all the same; Samba's own tool leaves it out for the computer too.
  @Test
  void a_computer_without_the_right_to_read_is_filtered() throws Exception {
    follow(seen());
    agreed();
    assertThat(domain().isSecure(seen(), domain().web1())).isTrue();
    String sid = sid(domain().web1());
    addAce("(OD;;RP;e48d0154-bcf8-11d1-8702-00c04fb96050;;" + sid + ")"); // of one property set
    awaitTruth();
    assertThat(domain().isSecure(seen(), domain().web1())).isTrue();
    addAce("(D;;RP;;;" + sid + ")");
    seen().await("the denial", s -> !domain().isSecure(s, domain().web1()));
    assertThat(filtered())
        .endsWith(": the computer may not read it: its access list denies Read to " + sid);
    agreed();
  }

  @Test
  void an_export_by_ldapsearch_holds_the_access_lists() throws Exception {
    String sid = sid(domain().web1());
    addAce("(D;;RP;;;" + sid + ")");
    var snapshot =
        SnapshotBuilder.build(
            LdifFile.parse(tools().exportByLdapsearch().getBytes(StandardCharsets.UTF_8)),
            _ -> SealedSecret.ofBytes(new byte[] {1}));
    assertThat(Rsop.resolve(snapshot, RsopQuery.of(Dn.parse(domain().web1()))).links())
        .anyMatch(link -> link.because().endsWith("its access list denies Read to " + sid));
  }

  private void addAce(String sddl) throws Exception {
    String unused = tools().addAce(domain().gpo(), sddl);
  }

  private String sid(String account) throws Exception {
    return Sid.parse(admin().getEntry(account, "objectSid").getAttributeValueBytes("objectSid"));
  }

  /// Why a link does not count for web1.
  private String filtered() {
    return SmallDomain.rsop(seen(), domain().web1()).links().stream()
        .filter(link -> link.reason().equals(Optional.of(Reason.SECURITY_FILTERED)))
        .map(LinkVerdict::because)
        .findFirst()
        .orElse("no link is filtered");
  }
}
