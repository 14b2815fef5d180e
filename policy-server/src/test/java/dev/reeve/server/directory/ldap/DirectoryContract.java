package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.Dialect;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.rsop.LinkVerdict;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectorySource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What must hold of every directory that policy is read from. One server serves all tests of a
/// class: each has a domain of its own in it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DirectoryContract {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private Optional<LDAPConnection> connection = Optional.empty();
  private Optional<LDAPConnection> otherConnection = Optional.empty();
  private Optional<SmallDomain> small = Optional.empty();
  private Collected collected = new Collected();

  abstract LDAPConnection connect() throws Exception;

  abstract Dialect dialect();

  /// Reads with the server's account.
  abstract DirectorySource source() throws Exception;

  /// As the administrator of the other domain; empty = there is none in this run.
  abstract Optional<LDAPConnection> connectSecond() throws Exception;

  /// Reads both domains.
  abstract DirectorySource both() throws Exception;

  /// Starts to follow both domains.
  abstract void followBoth(Collected seen) throws Exception;

  /// Starts to follow.
  abstract void follow(Collected seen) throws Exception;

  abstract void unfollow() throws Exception;

  /// From here on nothing is delivered, until [#find].
  abstract void lose() throws Exception;

  abstract void find() throws Exception;

  abstract void restart() throws Exception;

  @BeforeEach
  void writeDomain() throws Exception {
    collected = new Collected();
    small = Optional.of(SmallDomain.of("t" + NUMBER.incrementAndGet(), dialect()));
    reconnect();
    domain().write(admin());
  }

  @AfterEach
  void end() throws Exception {
    unfollow();
    connection.ifPresent(LDAPConnection::close);
    otherConnection.ifPresent(LDAPConnection::close);
  }

  final SmallDomain domain() {
    return small.orElseThrow();
  }

  final LDAPConnection admin() {
    return connection.orElseThrow();
  }

  final void reconnect() throws Exception {
    connection.ifPresent(LDAPConnection::close);
    connection = Optional.of(connect());
  }

  final Collected seen() {
    return collected;
  }

  /// Writes the same domain beside ours, and a site of ours that links its GPO.
  final SmallDomain writeOther() throws Exception {
    otherConnection = connectSecond();
    assumeTrue(otherConnection.isPresent(), "a second domain is too slow here: -Dreeve.full=true");
    SmallDomain other = domain().in(NativeDirectory.SECOND);
    other.write(otherConnection());
    admin()
        .add(
            "dn: " + site(),
            "objectClass: site",
            "cn: " + Dn.parse(site()).name(),
            "gPLink: " + other.link(2));
    admin()
        .add(
            "dn: CN=" + network() + ".0/24,CN=Subnets,CN=Sites,CN=Configuration," + domain().base(),
            "objectClass: subnet",
            "cn: " + network() + ".0/24",
            "siteObject: " + site());
    return other;
  }

  final LDAPConnection otherConnection() {
    return otherConnection.orElseThrow();
  }

  private String site() {
    return "CN=" + domain().name() + "-site,CN=Sites,CN=Configuration," + domain().base();
  }

  private String network() {
    return "10.99." + domain().name().substring(1);
  }

  /// A computer of ours, at that site.
  final Rsop atSite(Collected seen, String computer) {
    return SmallDomain.rsop(seen, computer, network() + ".7");
  }

  final void awaitTruth() throws Exception {
    try (DirectorySource fresh = source()) {
      awaitTruth(fresh);
    }
  }

  /// Whether a fresh complete read shows what was put together change by change.
  final void awaitTruth(DirectorySource fresh) throws Exception {
    var truth = new Collected();
    fresh.start(truth);
    var content = truth.content();
    seen().await("the picture is the truth", s -> !s.isLost() && s.content().equals(content));
  }

  final void addComputer(String dn) throws Exception {
    admin().add(domain().computerEntry(dn));
  }

  final void set(String dn, LdapAttribute attribute, String... values) throws Exception {
    admin().modify(dn, new Modification(ModificationType.REPLACE, attribute.ldapName(), values));
  }

  private List<String> members() {
    return seen().find(domain().group()).orElseThrow().texts(LdapAttribute.MEMBER);
  }

  @Test
  void the_first_read_is_what_was_written_and_gives_the_policy() throws Exception {
    follow(seen());
    domain().assertIsSeenIn(seen());
    assertThat(domain().isSecure(seen(), domain().web1()))
        .as(SmallDomain.rsop(seen(), domain().web1()).toString())
        .isTrue();
    assertThat(domain().isSecure(seen(), domain().files1())).isFalse();
    assertThat(members()).hasSize(1);
  }

  @Test
  void what_is_added_changed_moved_and_deleted_arrives() throws Exception {
    follow(seen());
    String added = domain().computer("web-2", domain().web());
    addComputer(added);
    seen().await("the new computer's policy", s -> domain().isSecure(s, added));

    String moved = domain().computer("web-3", domain().files());
    admin().modifyDN(added, "CN=" + Dn.parse(moved).name(), true, domain().files());
    seen().await("the move", s -> s.find(moved).isPresent() && s.find(added).isEmpty());
    assertThat(domain().isSecure(seen(), moved)).isFalse();

    set(moved, LdapAttribute.DESCRIPTION, "Größe: 3 µm");
    seen()
        .await(
            "the description",
            s -> s.text(moved, LdapAttribute.DESCRIPTION).equals(Optional.of("Größe: 3 µm")));
    admin().delete(moved);
    seen().await("the deletion", s -> s.find(moved).isEmpty());
    awaitTruth();
    assertThat(seen().losses()).isEmpty();
  }

  @Test
  void a_change_of_links_options_and_the_GPO_itself_arrives() throws Exception {
    follow(seen());
    set(domain().files(), LdapAttribute.GP_LINK, domain().link(0));
    seen().await("the link", s -> domain().isSecure(s, domain().files1()));
    set(domain().files(), LdapAttribute.GP_LINK, domain().link(1));
    seen().await("the disabled link", s -> !domain().isSecure(s, domain().files1()));
    set(domain().top(), LdapAttribute.GP_LINK, domain().link(0));
    seen().await("the link above", s -> domain().isSecure(s, domain().files1()));
    set(domain().files(), LdapAttribute.GP_OPTIONS, "1");
    seen().await("the block", s -> !domain().isSecure(s, domain().files1()));
    set(domain().top(), LdapAttribute.GP_LINK, domain().link(2));
    seen().await("the enforcement", s -> domain().isSecure(s, domain().files1()));

    set(domain().gpo(), LdapAttribute.FLAGS, "2");
    seen().await("the disabled half", s -> !domain().isSecure(s, domain().web1()));
    set(domain().gpo(), LdapAttribute.FLAGS, "0");
    seen().await("the enabled half", s -> domain().isSecure(s, domain().web1()));
    admin().modify(domain().web(), new Modification(ModificationType.DELETE, "gPLink"));
    admin().modify(domain().top(), new Modification(ModificationType.DELETE, "gPLink"));
    seen()
        .await(
            "no link",
            s ->
                !domain().isSecure(s, domain().web1()) && !domain().isSecure(s, domain().files1()));
    assertThat(SmallDomain.rsop(seen(), domain().web1()).assignment())
        .isNotInstanceOf(PolicyResult.Unknown.class);
    assertThat(seen().losses()).isEmpty();
  }

  @Test
  void a_change_of_a_group_arrives() throws Exception {
    follow(seen());
    admin()
        .modify(
            domain().group(), new Modification(ModificationType.ADD, "member", domain().files1()));
    seen().await("the new member", _ -> members().size() == 2);
    admin()
        .modify(
            domain().group(), new Modification(ModificationType.DELETE, "member", domain().web1()));
    seen().await("the member that left", _ -> members().size() == 1);
    assertThat(members().stream().map(Dn::parse)).containsExactly(Dn.parse(domain().files1()));
    awaitTruth();
  }

  @Test
  void a_renamed_container_takes_everything_along() throws Exception {
    follow(seen());
    String before = domain().web1();
    admin().modifyDN(domain().top(), "OU=" + domain().name() + "-renamed", true);
    String there = before.replace("OU=" + domain().name(), "OU=" + domain().name() + "-renamed");
    seen().await("the new name", s -> s.find(there).isPresent());
    seen().await("the old name's end", s -> s.find(before).isEmpty());
    seen().await("the policy under the new name", s -> domain().isSecure(s, there));
    awaitTruth();
    assertThat(seen().resets()).isEqualTo(1);
    assertThat(seen().losses()).isEmpty();
  }

  @Test
  void a_GPO_that_is_deleted_whole_is_gone() throws Exception {
    follow(seen());
    set(domain().web(), LdapAttribute.GP_LINK, " ");
    seen().await("no link", s -> !domain().isSecure(s, domain().web1()));
    for (var entry : domain().entries().reversed())
      if (Dn.parse(entry.getDN()).isUnder(Dn.parse(domain().gpo()))) admin().delete(entry.getDN());
    seen().await("the deletion", s -> s.find(domain().gpo()).isEmpty());
    awaitTruth();
    assertThat(seen().losses()).isEmpty();
  }

  @Test
  void a_GPO_of_another_domain_linked_to_a_site_decides_there() throws Exception {
    SmallDomain other = writeOther();
    assertThat(other.gpoId()).isEqualTo(domain().gpoId());
    followBoth(seen());
    Rsop files = atSite(seen(), domain().files1());
    assertThat(other.decides(files)).as(files.toString()).isTrue();
    Rsop elsewhere = SmallDomain.rsop(seen(), domain().files1());
    assertThat(elsewhere.assignment()).isNotInstanceOf(PolicyResult.Unknown.class);
    assertThat(other.decides(elsewhere)).isFalse();
    assertThat(
            atSite(seen(), domain().web1()).links().stream()
                .filter(LinkVerdict::applied)
                .map(link -> link.link().gpo()))
        .as("two GPOs of one GUID")
        .contains(Dn.parse(domain().gpo()), Dn.parse(other.gpo()));
    assertThat(other.isSecure(seen(), other.web1())).as("the other domain's own hosts").isTrue();

    otherConnection().modify(other.gpo(), new Modification(ModificationType.REPLACE, "flags", "2"));
    seen().await("the disabled half", s -> domain().decides(atSite(s, domain().web1())));
    otherConnection().modify(other.gpo(), new Modification(ModificationType.REPLACE, "flags", "0"));
    seen().await("the enabled half", s -> other.decides(atSite(s, domain().web1())));
    try (DirectorySource fresh = both()) {
      awaitTruth(fresh);
    }
    assertThat(seen().losses()).isEmpty();
  }

  /// Sites and subnets belong to a forest; those of another must not take our hosts.
  @Test
  void sites_of_the_other_domain_are_not_ours() throws Exception {
    writeOther();
    followBoth(seen());
    assertThat(seen().entries().keySet())
        .noneMatch(dn -> dn.isUnder(Dn.parse("CN=Configuration," + NativeDirectory.SECOND)));
  }

  @Test
  void what_happened_while_contact_was_lost_is_caught_up() throws Exception {
    follow(seen());
    lose();
    admin().delete(domain().files1());
    String added = domain().computer("web-4", domain().web());
    addComputer(added);
    admin().modifyDN(domain().files(), "OU=Shares", true);
    set(domain().web(), LdapAttribute.GP_LINK, domain().link(1));
    find();
    seen().await("the new computer", s -> s.find(added).isPresent());
    awaitTruth();
    assertThat(seen().find(domain().files1())).isEmpty();
    assertThat(seen().find(domain().files())).isEmpty();
    assertThat(domain().isSecure(seen(), added)).isFalse();
  }

  @Test
  void deletions_before_a_restart_are_found_after_it() throws Exception {
    follow(seen());
    lose();
    admin().delete(domain().files1());
    restart();
    reconnect();
    String added = domain().computer("web-5", domain().web());
    addComputer(added);
    find();
    seen().await("the new computer", s -> s.find(added).isPresent());
    awaitTruth();
    assertThat(seen().find(domain().files1())).isEmpty();
  }

  @Test
  void a_burst_of_changes_arrives_whole() throws Exception {
    follow(seen());
    for (int i = 0; i < 30; i++) addComputer(domain().computer("many-" + i, domain().web()));
    for (int i = 0; i < 30; i += 2) admin().delete(domain().computer("many-" + i, domain().web()));
    for (int i = 1; i < 30; i += 4)
      admin()
          .modifyDN(
              domain().computer("many-" + i, domain().web()),
              "CN=" + domain().name() + "-many-" + i,
              true,
              domain().files());
    seen()
        .await(
            "the last move",
            s -> s.find(domain().computer("many-29", domain().files())).isPresent());
    awaitTruth();
    assertThat(seen().losses()).isEmpty();
  }
}
