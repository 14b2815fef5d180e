package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.Native389;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.TestCa;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.ldap.FeedException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// 389 Directory Server of this machine.
class Ds389ContractIT extends LdapDirectoryContract {

  /// A refresh that comes upon the limit is not ended: 389 DS falls silent.
  @ParameterizedTest
  @EnumSource(names = {"SYNC", "POLL"})
  void an_answer_cut_short_by_a_limit_is_not_the_directory_and_the_printed_remedy_helps(
      FeedKind feed) throws Exception {
    admin()
        .modify(server().reader(), new Modification(ModificationType.REPLACE, "nsSizeLimit", "20"));
    LdapConfig hurried = LdapConfigs.hurried(config(feed), Duration.ofSeconds(4));
    Throwable refusal = catchThrowable(() -> startOnce(hurried));
    assertThat(refusal)
        .isInstanceOf(DirectoryException.class)
        .hasMessageContainingAll("cut short", "dn: " + server().reader(), "nsSizeLimit: -1");
    assertThat(seen().resets()).isZero();

    server().follow(refusal.getMessage());
    startOnce(config(feed));
    domain().assertIsSeenIn(seen());
  }

  private void startOnce(LdapConfig config) throws DirectoryException {
    try (var source = new LdapSource(config)) {
      source.start(seen());
    }
  }

  /// Result 4096, e-syncRefreshRequired.
  @Test
  void a_cookie_that_the_server_no_longer_knows_costs_a_full_read() throws Exception {
    follow(seen());
    set(domain().files(), LdapAttribute.DESCRIPTION, "so that there is a cookie of its own");
    seen()
        .await(
            "it",
            s -> s.text(domain().files(), LdapAttribute.DESCRIPTION).orElse("").contains("cookie"));
    lose();
    admin().delete(domain().files1());
    ((Native389) server()).forgetHistory();
    reconnect();
    find();
    seen().await("a full read", s -> s.resets() == 2 && s.find(domain().files1()).isEmpty());
    awaitTruth();
  }

  /// 389 DS now and then forgets to tell of a deletion. It says how many entries are below one,
  /// seen or not.
  @Test
  void what_is_gone_untold_is_told_from_what_is_hidden_by_its_containers_count() throws Exception {
    String files = domain().files();
    String unit = "OU=" + domain().name() + "-unit," + files;
    admin().add(unit, new Attribute("objectClass", "organizationalUnit"));
    String hide =
        "(targetattr=\"*\")(version 3.0; acl \"hidden\"; deny (read,search,compare)"
            + " userdn=\"ldap:///%s\";)".formatted(server().reader());
    var held = new Collected();
    try (Session session = new Dialer(config(), SrvRecords.OF_THIS_MACHINE).open()) {
      List<SeenEntry> all = read(session);
      var picture = new Picture(held, config(), Earlier.NOTHING);
      picture.complete(session, all, Duration.ZERO, false);

      admin().modify(unit, new Modification(ModificationType.ADD, "aci", hide));
      List<SeenEntry> without = read(session);
      assertThat(without).hasSize(all.size() - 1);
      assertThat(failure(() -> patrolEverywhere(session, picture))).isEqualTo(Kind.RIGHTS);
      assertThat(failure(() -> picture.complete(session, without, Duration.ZERO, true)))
          .isEqualTo(Kind.RIGHTS);
      assertThat(held.find(unit)).isPresent();

      admin().delete(unit);
      assertThat(failure(() -> patrolEverywhere(session, picture))).isEqualTo(Kind.POSITION);
      picture.complete(session, without, Duration.ZERO, true);
      assertThat(held.find(unit)).isEmpty();
    }
  }

  /// And of other changes, when a connection was lost while they were made.
  @Test
  void what_was_modified_untold_is_read_again() throws Exception {
    var held = new Collected();
    try (Session session = new Dialer(config(), SrvRecords.OF_THIS_MACHINE).open()) {
      var picture = new Picture(held, config(), Earlier.NOTHING);
      picture.complete(session, read(session), Duration.ZERO, false);
      var lately = new Lately(config());
      lately.begin(picture.replica());
      assertThat(untold(lately, session, picture)).isEmpty();

      set(domain().files(), LdapAttribute.DESCRIPTION, "untold");
      String unit = "OU=" + domain().name() + "-untold," + domain().files();
      admin().add(unit, new Attribute("objectClass", "organizationalUnit"));
      admin().modifyDN(unit, "OU=" + domain().name() + "-moved", true);
      assertThat(untold(lately, session, picture)).hasSize(2);
      for (int i = 0; i < 2; i++) { // also of the second that was seen last
        assertThat(untold(lately, session, picture)).isEmpty();
        set(domain().files(), LdapAttribute.DESCRIPTION, "untold, time " + i);
        assertThat(untold(lately, session, picture)).hasSize(1);
      }
      var truth = new Collected();
      new Picture(truth, config(), Earlier.NOTHING)
          .complete(session, read(session), Duration.ZERO, false);
      assertThat(held.content()).isEqualTo(truth.content());
    }
  }

  private static List<SeenEntry> untold(Lately lately, Session session, Picture picture)
      throws FeedException {
    String latest = picture.replica().latest();
    List<SeenEntry> untold =
        picture.replica().different(lately.read(session, lately.since(latest)).values());
    picture.compared(session, untold, Set.of(), Set.of());
    lately.looked(latest);
    return untold;
  }

  private List<SeenEntry> read(Session session) throws Exception {
    var all = new ArrayList<SeenEntry>();
    new Reading(session, config(), 0)
        .all(
            NativeDirectory.BASE,
            "(objectClass=*)",
            EntryReader.attributes(),
            List.of(),
            entry -> all.add(session.reader().read(entry)));
    return all;
  }

  /// A patrol looks at some entries, others each time.
  private static void patrolEverywhere(Session session, Picture picture) throws FeedException {
    for (int i = 0; i < 100; i++) picture.patrol(session, true);
  }

  private interface Step {
    void run() throws FeedException;
  }

  private static Kind failure(Step step) {
    try {
      step.run();
    } catch (FeedException e) {
      return e.kind();
    }
    throw new AssertionError("nothing failed");
  }

  @Override
  NativeDirectory launch(Path state) throws Exception {
    assumeTrue(Native389.missing().isEmpty(), () -> Native389.missing().orElse(""));
    return Native389.start(
        state.resolve("389"),
        TestCa.make(state.resolve("ca"), "localhost", "DNS:localhost,IP:127.0.0.1"));
  }
}
