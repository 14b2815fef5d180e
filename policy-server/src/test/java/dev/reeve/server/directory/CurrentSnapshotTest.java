package dev.reeve.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.server.directory.DirectoryChange.Delete;
import dev.reeve.server.directory.DirectoryChange.Moved;
import dev.reeve.server.directory.DirectoryChange.Upsert;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CurrentSnapshotTest {

  private static final Dn DOMAIN = Dn.parse("DC=corp");
  private static final Dn WEB = Dn.parse("OU=Web,DC=corp");
  private static final Dn SHOP = Dn.parse("OU=Shop,DC=corp");
  private static final Dn STAGING = Dn.parse("OU=Staging,OU=Web,DC=corp");
  private static final Dn WEB_01 = Dn.parse("CN=web-01,OU=Staging,OU=Web,DC=corp");

  private final LinkedBlockingQueue<CurrentSnapshot.View> views = new LinkedBlockingQueue<>();
  private final CurrentSnapshot current =
      new CurrentSnapshot(_ -> SealedSecret.ofBytes(new byte[] {1}), Clock.systemUTC());

  @BeforeEach
  void follow() {
    current.onChange(() -> views.add(current.view().orElseThrow()));
    current.reset(
        List.of(
            entry(DOMAIN, LdapClass.DOMAIN).build(),
            entry(WEB, LdapClass.ORGANIZATIONAL_UNIT).build(),
            entry(STAGING, LdapClass.ORGANIZATIONAL_UNIT).build(),
            computer(WEB_01, "11111111-0000-0000-0000-000000000000")));
    assertThat(next().computers()).containsOnlyKeys(WEB_01);
  }

  @AfterEach
  void close() {
    current.close();
  }

  @Test
  void a_renamed_container_takes_everything_below_along() {
    current.changed(
        List.of(
            new Moved(WEB, SHOP), new Upsert(entry(SHOP, LdapClass.ORGANIZATIONAL_UNIT).build())));

    var snapshot = next();
    Dn moved = Dn.parse("CN=web-01,OU=Staging,OU=Shop,DC=corp");
    assertThat(snapshot.computers()).containsOnlyKeys(moved);
    assertThat(snapshot.computers().get(moved).dn()).hasToString(moved.toString());
    assertThat(snapshot.soms())
        .containsOnlyKeys(DOMAIN, SHOP, Dn.parse("OU=Staging,OU=Shop,DC=corp"));
    assertThat(snapshot.findComputerByGuid("11111111-0000-0000-0000-000000000000"))
        .contains(snapshot.computers().get(moved));
  }

  @Test
  void a_container_may_change_its_letter_case() {
    current.changed(List.of(new Moved(WEB, Dn.parse("OU=WEB,DC=corp"))));

    var snapshot = next();
    assertThat(snapshot.computers()).containsOnlyKeys(WEB_01);
    assertThat(snapshot.computers().get(WEB_01).dn())
        .hasToString("CN=web-01,OU=Staging,OU=WEB,DC=corp");
  }

  @Test
  void a_name_may_be_used_again_after_a_move() {
    current.changed(
        List.of(
            new Moved(STAGING, Dn.parse("OU=Live,OU=Web,DC=corp")),
            new Upsert(entry(STAGING, LdapClass.ORGANIZATIONAL_UNIT).build())));

    assertThat(next().computers()).containsOnlyKeys(Dn.parse("CN=web-01,OU=Live,OU=Web,DC=corp"));
  }

  @Test
  void a_deleted_container_takes_everything_below_along() {
    current.changed(List.of(new Delete(WEB)));

    var snapshot = next();
    assertThat(snapshot.computers()).isEmpty();
    assertThat(snapshot.soms()).containsOnlyKeys(DOMAIN);
  }

  @Test
  void a_read_of_a_part_leaves_the_rest() {
    current.reset(List.of(), dn -> dn.isUnder(STAGING));
    assertThat(next().soms()).containsOnlyKeys(DOMAIN, WEB);
  }

  /// One domain of several may be lost while another changes.
  @Test
  void a_change_before_a_loss_does_not_hide_it() {
    current.changed(List.of(new Delete(WEB_01)));
    current.lost("the other domain");
    next();
    while (current.view().orElseThrow().outage().isEmpty()) Thread.onSpinWait();
    current.changed(List.of(new Upsert(computer(WEB_01, "11111111-0000-0000-0000-000000000000"))));
    assertThat(next().computers()).containsOnlyKeys(WEB_01);
    assertThat(current.view().orElseThrow().outage()).isEmpty();
  }

  private dev.reeve.model.gp.DirectorySnapshot next() {
    try {
      var view = views.poll(30, TimeUnit.SECONDS);
      if (view == null) throw new AssertionError("no new snapshot");
      return view.snapshot();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static LdapEntry.Builder entry(Dn dn, LdapClass kind) {
    return LdapEntry.named(dn).addClasses(LdapClass.TOP, kind);
  }

  private static LdapEntry computer(Dn dn, String guid) {
    return entry(dn, LdapClass.COMPUTER).add(LdapAttribute.ENTRY_UUID, guid).build();
  }
}
