package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.Dialect;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.DirectorySource;
import dev.reeve.server.directory.Domains;
import dev.reeve.server.directory.JoinedSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// And what must hold of those that are somebody else's server.
@SuppressWarnings("NullAway.Init")
abstract class LdapDirectoryContract extends DirectoryContract {

  private NativeDirectory server;
  private Relay relay;
  private Optional<NativeDirectory> second = Optional.empty();
  private Optional<Relay> secondRelay = Optional.empty();
  private Path password;
  private Optional<DirectorySource> source = Optional.empty();

  /// @param state an empty directory
  abstract NativeDirectory launch(Path state) throws Exception;

  /// The server of the second domain; empty = none in this run.
  Optional<NativeDirectory> launchSecond(Path state) throws Exception {
    return Optional.of(server);
  }

  @BeforeAll
  final void launchIn(@TempDir Path dir) throws Exception {
    server = launch(Files.createDirectory(dir.resolve("server")));
    relay = Relay.to(server.tlsAddress());
    second = launchSecond(Files.createDirectory(dir.resolve("second")));
    if (second.isPresent()) secondRelay = Optional.of(Relay.to(second.get().tlsAddress()));
    password = Files.writeString(dir.resolve("password"), server.password() + "\n");
  }

  @AfterAll
  final void shutDown() throws Exception {
    if (relay != null) relay.close();
    if (server != null) server.close();
    if (secondRelay.isPresent()) secondRelay.get().close();
    second.filter(s -> s != server).ifPresent(NativeDirectory::close);
  }

  final NativeDirectory server() {
    return server;
  }

  @Override
  final LDAPConnection connect() throws Exception {
    return server.administrator();
  }

  @Override
  final Dialect dialect() {
    return server.dialect();
  }

  final LdapConfigs configs() {
    return new LdapConfigs(server, password);
  }

  private LdapConfig config(String account) {
    return configs().as(account, relay.port());
  }

  final LdapConfig config() {
    return config(server.reader());
  }

  final LdapConfig config(FeedKind feed) {
    return configs().by(feed, relay.port());
  }

  @Override
  final LdapSource source() {
    return new LdapSource(config(server.reader()));
  }

  @Override
  final Optional<LDAPConnection> connectSecond() throws Exception {
    return second.isPresent() ? Optional.of(second.get().administrator()) : Optional.empty();
  }

  @Override
  final DirectorySource both() {
    Dn first = Dn.parse(NativeDirectory.BASE);
    Dn other = Dn.parse(NativeDirectory.SECOND);
    LdapConfig config =
        new LdapConfigs(second.orElseThrow(), password).second(secondRelay.orElseThrow().port());
    return new JoinedSource(
        new Domains(first, List.of(other)),
        List.of(
            new JoinedSource.Part(Set.of(first), source()),
            new JoinedSource.Part(Set.of(other), new LdapSource(config))));
  }

  @Override
  final void followBoth(Collected seen) throws Exception {
    source = Optional.of(both());
    source.get().start(seen);
  }

  @Override
  final void follow(Collected seen) throws Exception {
    source = Optional.of(source());
    source.get().start(seen);
  }

  @Override
  final void unfollow() throws Exception {
    source.ifPresent(DirectorySource::close);
    source = Optional.empty();
    relay.mend();
    secondRelay.ifPresent(Relay::mend);
  }

  @Override
  final void lose() throws Exception {
    relay.cut();
    seen().await("the loss", Collected::isLost);
  }

  @Override
  final void find() {
    relay.mend();
  }

  /// What the password file says from now on.
  final void writePassword(String text) throws Exception {
    Files.writeString(password, text);
  }

  @Override
  final void restart() throws Exception {
    server.stop();
    server.start();
  }

  @Test
  void a_killed_server_is_lost_without_harm_and_followed_again() throws Exception {
    follow(seen());
    set(domain().files(), LdapAttribute.DESCRIPTION, "last words");
    seen()
        .await(
            "them",
            s ->
                s.text(domain().files(), LdapAttribute.DESCRIPTION)
                    .orElse("")
                    .equals("last words"));
    var before = seen().content();
    server.kill();
    seen().await("the loss", Collected::isLost);
    assertThat(seen().content()).isEqualTo(before);

    server.start();
    reconnect();
    String added = domain().computer("web-6", domain().web());
    addComputer(added);
    seen().await("the new computer", s -> domain().isSecure(s, added));
    awaitTruth();
  }

  @Test
  void the_loss_of_the_second_domain_harms_only_what_depends_on_it() throws Exception {
    SmallDomain other = writeOther();
    secondRelay.orElseThrow().cut();
    followBoth(seen());

    seen().await("its loss", Collected::isLost);
    assertThat(seen().losses().getLast()).contains(NativeDirectory.SECOND);
    assertThat(atSite(seen(), domain().files1()).assignment())
        .isInstanceOf(PolicyResult.Unknown.class);
    assertThat(SmallDomain.rsop(seen(), domain().files1()).assignment())
        .as("elsewhere")
        .isNotInstanceOf(PolicyResult.Unknown.class);
    assertThat(domain().isSecure(seen(), domain().web1())).as("elsewhere").isTrue();
    set(domain().files(), LdapAttribute.GP_LINK, domain().link(0));
    seen()
        .await(
            "a change of the first, and the second still lost",
            s -> domain().isSecure(s, domain().files1()) && s.isLost());
    set(domain().files(), LdapAttribute.GP_LINK, domain().link(1));

    secondRelay.orElseThrow().mend();
    seen()
        .await(
            "the second domain", s -> !s.isLost() && other.decides(atSite(s, domain().files1())));
    var before = seen().content();
    secondRelay.orElseThrow().cut();
    seen().await("the second loss", Collected::isLost);
    assertThat(seen().content()).as("the last picture stays").isEqualTo(before);
  }

  @Test
  void rights_lost_while_it_runs_are_said_and_withdraw_nothing() throws Exception {
    follow(seen());
    var before = seen().content();
    server.hidePolicies();
    try {
      seen().await("the loss", Collected::isLost);
      assertThat(seen().losses().getLast()).contains(server.reader(), "To mend it");
      assertThat(seen().content()).isEqualTo(before);
      assertThat(domain().isSecure(seen(), domain().web1())).isTrue();
    } finally {
      server.showPolicies();
    }
    seen().await("contact", s -> !s.isLost());
    awaitTruth();
    assertThat(domain().isSecure(seen(), domain().web1())).isTrue();
  }

  @Test
  void a_container_whose_one_entry_was_replaced_unseen_hides_nothing() throws Exception {
    follow(seen());
    lose();
    admin().delete(domain().files1());
    restart();
    reconnect();
    String added = domain().computer("files-2", domain().files());
    addComputer(added);
    find();
    seen().await("the new computer", s -> s.find(added).isPresent());
    awaitTruth();
    assertThat(seen().losses()).noneMatch(why -> why.contains("may not read"));
  }

  @Test
  void what_was_taken_from_an_entry_unseen_is_gone_and_not_hidden() throws Exception {
    follow(seen());
    lose();
    admin().modify(domain().web(), new Modification(ModificationType.DELETE, "gPLink"));
    set(domain().files(), LdapAttribute.GP_LINK, domain().link(0));
    find();
    seen().await("the new link", s -> domain().isSecure(s, domain().files1()));
    awaitTruth();
    assertThat(domain().isSecure(seen(), domain().web1())).isFalse();
    assertThat(seen().losses()).noneMatch(why -> why.contains("may not read"));
  }

  private void swapNames(String one, String other) throws Exception {
    Dn first = Dn.parse(one);
    Dn second = Dn.parse(other);
    String between = "CN=" + domain().name() + "-between";
    admin().modifyDN(one, between, true);
    admin().modifyDN(other, "CN=" + first.name(), true, first.parent().orElseThrow().toString());
    admin()
        .modifyDN(
            between + "," + first.parent().orElseThrow(),
            "CN=" + second.name(),
            true,
            second.parent().orElseThrow().toString());
  }

  private void makeAnew(String computer) throws Exception {
    admin().delete(computer);
    addComputer(computer);
  }

  @Test
  void a_name_that_another_entry_has_now_costs_no_full_read() throws Exception {
    String one = domain().computer("one", domain().web());
    String other = domain().computer("other", domain().files());
    addComputer(one);
    addComputer(other);
    follow(seen());
    swapNames(one, other);
    awaitTruth();
    makeAnew(domain().web1());
    awaitTruth();
    lose();
    swapNames(one, other);
    makeAnew(domain().files1());
    find();
    awaitTruth();
    assertThat(seen().resets()).isEqualTo(1);
    assertThat(seen().losses()).noneMatch(why -> why.contains("two entries"));
  }

  /// Of the last changes before it dies, a server may have kept nothing but their effect.
  @Test
  void a_deletion_just_before_a_server_is_killed_is_found() throws Exception {
    follow(seen());
    lose();
    admin().delete(domain().files1());
    server.kill();
    server.start();
    reconnect();
    addComputer(domain().computer("files-2", domain().files()));
    find();
    awaitTruth();
    assertThat(seen().find(domain().files1())).isEmpty();
    assertThat(seen().losses()).noneMatch(why -> why.contains("may not read"));
  }

  @Test
  void a_refused_password_is_said_and_the_picture_stays() throws Exception {
    follow(seen());
    var before = seen().content();
    Files.writeString(password, "not-the-password");
    try {
      relay.cut();
      seen().await("the loss", Collected::isLost);
      relay.mend();
      seen()
          .await(
              "the reason",
              s ->
                  s.losses().stream()
                      .anyMatch(why -> why.contains("refuses the login of " + server.reader())));
      assertThat(seen().content()).isEqualTo(before);
    } finally {
      Files.writeString(password, server.password());
    }
    seen().await("contact", s -> !s.isLost());
    awaitTruth();
  }

  @Test
  void with_StartTLS_it_is_followed_and_nothing_can_be_read_on_the_way() throws Exception {
    try (var line = Relay.tapped(server.ldapAddress());
        var tls = new LdapSource(configs().withStartTls(line.port()))) {
      tls.start(seen());
      domain().assertIsSeenIn(seen());
      set(domain().files(), LdapAttribute.GP_LINK, domain().link(0));
      seen().await("the link", s -> domain().isSecure(s, domain().files1()));
      assertThat(line.heard())
          .isNotEmpty()
          .doesNotContain(server.reader(), server.password())
          .doesNotContainIgnoringCase(NativeDirectory.BASE);
    }
  }

  @Test
  void an_account_with_too_few_rights_is_refused_and_the_printed_remedy_helps() throws Exception {
    for (int remedies = 0; remedies < 6; remedies++) {
      var limited = new Collected();
      try (var tried = new LdapSource(config(server.limited()))) {
        Throwable refusal = catchThrowable(() -> tried.start(limited));
        if (refusal == null) {
          assertThat(remedies).as("it was refused at first").isPositive();
          domain().assertIsSeenIn(limited);
          assertThat(domain().isSecure(limited, domain().web1())).isTrue();
          return;
        }
        assertThat(refusal)
            .isInstanceOf(DirectoryException.class)
            .hasMessageContaining(server.limited());
        assertThat(limited.resets()).isZero();
        server.follow(refusal.getMessage());
      }
    }
    throw new AssertionError("the remedies do not help");
  }
}
