package dev.reeve.server.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.server.directory.CurrentSnapshot.View;
import dev.reeve.server.directory.DirectoryChange.Upsert;
import dev.reeve.server.secrets.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that starts again, and again, with a directory that answers or not. Time passes when a
/// test says so.
class DirectoryStartTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final Dn BASE = Dn.parse("DC=corp,DC=example");
  private static final Dn WEB = BASE.child("OU", "Web");

  /// One that is read in a moment, or not at all.
  private static final class Source implements DirectorySource {
    private Optional<String> wrong = Optional.empty();
    private Collection<LdapEntry> content = List.of();

    @Override
    public void start(Feed feed) throws DirectoryException {
      if (wrong.isPresent()) throw new DirectoryException(wrong.get());
      feed.reset(content);
    }

    @Override
    public void resume(Feed feed) {
      if (wrong.isPresent()) feed.lost(wrong.get());
      else feed.reset(content);
    }

    @Override
    public String describe() {
      return "a source";
    }

    @Override
    public void close() {}
  }

  @TempDir Path state;
  private final MovableClock time = MovableClock.standing(NOON);
  private final Source source = new Source();
  private Optional<CurrentSnapshot> current = Optional.empty();
  private Optional<PictureKeeper> keeper = Optional.empty();

  private PictureFile file() {
    return new PictureFile(
        state.resolve("directory.picture"),
        new Vault(new byte[Vault.KEY_BYTES]),
        BASE,
        List.of("ldaps://one"));
  }

  private CurrentSnapshot start() throws DirectoryException {
    var fresh = new CurrentSnapshot(_ -> SealedSecret.ofBytes(new byte[] {1}), time);
    current = Optional.of(fresh);
    DirectoryStart.start(source, fresh, Optional.of(file()));
    keeper = Optional.of(new PictureKeeper(fresh, file()));
    await().until(() -> fresh.view().isPresent());
    return fresh;
  }

  @AfterEach
  void stop() {
    keeper.ifPresent(PictureKeeper::close);
    current.ifPresent(CurrentSnapshot::close);
    keeper = Optional.empty();
    current = Optional.empty();
  }

  private static LdapEntry ou(String description) {
    return LdapEntry.named(WEB)
        .addClasses(LdapClass.ORGANIZATIONAL_UNIT)
        .add(LdapAttribute.GP_OPTIONS, description)
        .build();
  }

  private static LdapEntry domain() {
    return LdapEntry.named(BASE).addClasses(LdapClass.DOMAIN).build();
  }

  @Test
  void a_first_start_without_a_directory_is_refused_with_its_reason() {
    source.wrong = Optional.of("refuses the login of cn=reeve");

    assertThatThrownBy(this::start)
        .isInstanceOf(DirectoryException.class)
        .hasMessageContainingAll("refuses the login of cn=reeve", "none was saved yet");
  }

  @Test
  void a_later_one_goes_on_with_what_was_saved_says_how_old_it_is_and_catches_up()
      throws Exception {
    source.content = List.of(domain(), ou("0"));
    start();
    stop();
    time.pass(Duration.ofHours(1));
    source.wrong = Optional.of("does not answer");

    View view = start().view().orElseThrow();
    assertThat(view.snapshot().soms()).containsOnlyKeys(BASE, WEB);
    assertThat(view.age(time.instant())).isEqualTo(Duration.ofHours(1));
    assertThat(view.outage()).contains(new Outage(NOON, true, "does not answer"));
    time.pass(Duration.ofHours(1));
    assertThat(current.orElseThrow().view().orElseThrow().age(time.instant()))
        .isEqualTo(Duration.ofHours(2));

    current.orElseThrow().reset(List.of(domain(), ou("1")));
    await().until(() -> current.orElseThrow().view().orElseThrow().outage().isEmpty());
    View found = current.orElseThrow().view().orElseThrow();
    assertThat(found.age(time.instant())).isZero();
    assertThat(found.generation()).isGreaterThan(view.generation());
    assertThat(found.snapshot().soms().get(WEB).blocksInheritance()).isTrue();
  }

  @Test
  void what_changed_before_the_end_was_saved() throws Exception {
    source.content = List.of(domain(), ou("0"));
    CurrentSnapshot first = start();
    first.changed(List.of(new Upsert(ou("1"))));
    stop();
    source.wrong = Optional.of("gone");

    assertThat(start().view().orElseThrow().snapshot().soms().get(WEB).blocksInheritance())
        .isTrue();
  }

  @Test
  void an_outage_leaves_what_was_saved_and_its_age_counts_from_the_last_contact() throws Exception {
    source.content = List.of(domain(), ou("0"));
    CurrentSnapshot first = start();
    time.pass(Duration.ofSeconds(30));
    first.inContact();
    time.pass(Duration.ofSeconds(30));
    first.lost("reset");
    first.lost("refused");
    await().until(() -> first.view().orElseThrow().outage().isPresent());

    time.pass(Duration.ofSeconds(30));
    assertThat(first.view().orElseThrow().age(time.instant())).isEqualTo(Duration.ofSeconds(60));
    assertThat(first.copy().get()).as("no copy of what may be wrong").isEmpty();
    first.changed(List.of());
    assertThat(first.copy().get()).isPresent();
    assertThat(first.view().orElseThrow().age(time.instant())).isZero();
  }

  @Test
  void what_is_held_back_during_an_outage_does_not_end_it() throws Exception {
    source.content = List.of(domain(), ou("0"));
    CurrentSnapshot first = start();
    first.changed(
        List.of(
            new Upsert(
                LdapEntry.named(BASE.below("CN=p,CN=IP Security,CN=System"))
                    .addClasses(LdapClass.IPSEC_BASE, LdapClass.IPSEC_POLICY)
                    .build())));
    assertThat(first.copy().get()).as("while a policy is being written").isEmpty();
    first.lost("gone");
    time.pass(Duration.ofSeconds(10)); // and what was held back is due
    first.lost("still gone");
    await().until(() -> !first.view().orElseThrow().snapshot().content().policies().isEmpty());
    assertThat(first.view().orElseThrow().outage().map(Outage::why)).contains("still gone");
  }
}
