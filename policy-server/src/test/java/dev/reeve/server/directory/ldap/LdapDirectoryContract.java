package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.unboundid.ldap.sdk.LDAPConnection;
import dev.reeve.lab.Dialect;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// And what must hold of those that are somebody else's server.
@SuppressWarnings("NullAway.Init")
abstract class LdapDirectoryContract extends DirectoryContract {

  private static final LdapConfig.Timing TIMING =
      new LdapConfig.Timing(
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofMillis(200),
          Duration.ofHours(1),
          Duration.ofSeconds(20));

  private NativeDirectory server;
  private Relay relay;
  private Path password;
  private Optional<LdapSource> source = Optional.empty();

  /// @param state an empty directory
  abstract NativeDirectory launch(Path state) throws Exception;

  @BeforeAll
  final void launchIn(@TempDir Path dir) throws Exception {
    server = launch(Files.createDirectory(dir.resolve("server")));
    relay = Relay.to(server.tlsAddress());
    password = Files.writeString(dir.resolve("password"), server.password() + "\n");
  }

  @AfterAll
  final void shutDown() throws Exception {
    if (relay != null) relay.close();
    if (server != null) server.close();
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

  private LdapConfig config(String account) {
    return config(
        new Credentials.Password(account, password),
        "ldaps://127.0.0.1:" + relay.port(),
        Optional.empty());
  }

  final LdapConfig config(Credentials credentials, String url, Optional<String> serverName) {
    return new LdapConfig(
        List.of(LdapAddress.parse(url)),
        Dn.parse(NativeDirectory.BASE),
        credentials,
        Optional.of(server.caFile()),
        serverName,
        false,
        Optional.empty(),
        TIMING);
  }

  @Override
  final LdapSource source() {
    return new LdapSource(config(server.reader()));
  }

  @Override
  final void follow(Collected seen) throws Exception {
    source = Optional.of(source());
    source.get().start(seen);
  }

  @Override
  final void unfollow() throws Exception {
    source.ifPresent(LdapSource::close);
    source = Optional.empty();
    relay.mend();
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
