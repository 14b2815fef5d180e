package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of Active Directory cannot be tried on a Samba domain of a test's size.
@SuppressWarnings("NullAway.Init")
class UsnFeedTest {

  private static final String GROUP = "CN=Hosts," + AdLike.BASE;
  private static final int MANY = 4000;

  @TempDir Path dir;
  private AdLike first;
  private AdLike second;
  private Relay toFirst;
  private Relay toSecond;
  private final Collected seen = new Collected();
  private Optional<LdapSource> source = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    first = AdLike.start("DC1");
    second = AdLike.start("DC2");
    toFirst = Relay.to(first.address());
    toSecond = Relay.to(second.address());
  }

  @AfterEach
  void stop() throws Exception {
    source.ifPresent(LdapSource::close);
    toFirst.close();
    toSecond.close();
    first.close();
    second.close();
  }

  private void follow(Duration full) throws Exception {
    var timing =
        new LdapConfig.Timing(
            Duration.ofMillis(50),
            Duration.ofHours(1),
            Duration.ofHours(1),
            full,
            Duration.ofSeconds(20));
    var config =
        new LdapConfig(
            Stream.of(toFirst, toSecond)
                .map(relay -> LdapAddress.parse("ldap://127.0.0.1:" + relay.port()))
                .toList(),
            Dn.parse(AdLike.BASE),
            new Credentials.Password(
                AdLike.ADMIN, Files.writeString(dir.resolve("password"), AdLike.PASSWORD)),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            timing);
    source = Optional.of(new LdapSource(config));
    source.get().start(seen);
  }

  private static String[] members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "CN=host-" + i + ",OU=Web," + AdLike.BASE)
        .toArray(String[]::new);
  }

  private static int size(Collected seen, String group) {
    return seen.find(group).map(entry -> entry.texts(LdapAttribute.MEMBER).size()).orElse(0);
  }

  @Test
  void a_group_of_more_members_than_fit_into_an_answer_is_read_whole() throws Exception {
    first.add(GROUP, "group", members(MANY));
    follow(Duration.ofHours(1));
    assertThat(seen.find(GROUP).orElseThrow().texts(LdapAttribute.MEMBER))
        .containsExactlyInAnyOrder(members(MANY));
    assertThat(first.rangesAsked()).isEqualTo(2);

    first.addMember(GROUP, "CN=one-more,OU=Web," + AdLike.BASE);
    seen.await("the change of it, whole", s -> size(s, GROUP) == MANY + 1);
    first.add("CN=More," + AdLike.BASE, "group", members(AdLike.VALUES + 1));
    seen.await("a new one, whole", s -> size(s, "CN=More," + AdLike.BASE) == AdLike.VALUES + 1);
    assertThat(seen.changes())
        .as("never in part")
        .allSatisfy(change ->
            assertThat(change)
                .isInstanceOfSatisfying(
                    DirectoryChange.Upsert.class,
                    upsert ->
                        assertThat(upsert.entry().attributeNames())
                            .noneMatch(name -> name.contains("range="))));
  }

  @Test
  void a_large_group_that_only_a_comparison_finds_is_read_whole() throws Exception {
    follow(Duration.ofHours(1));
    first.addUnseen(GROUP, "group", members(MANY));
    seen.await("it, whole", s -> size(s, GROUP) == MANY);
    assertThat(seen.find(GROUP).orElseThrow().attributeNames())
        .noneMatch(name -> name.contains("range="));
  }

  @Test
  void more_entries_than_fit_into_an_answer_are_read_in_pages() throws Exception {
    for (int i = 0; i < 2 * AdLike.ENTRIES + 1; i++)
      first.add("CN=host-" + i + "," + AdLike.BASE, "computer");
    follow(Duration.ofHours(1));
    assertThat(seen.entries()).hasSizeGreaterThan(2 * AdLike.ENTRIES + 1);
    first.delete("CN=host-7," + AdLike.BASE);
    seen.await("a deletion", s -> s.find("CN=host-7," + AdLike.BASE).isEmpty());
    assertThat(seen.losses()).isEmpty();
  }

  /// Its numbers mean nothing on the other, which may be behind or ahead.
  @Test
  void another_domain_controller_is_read_from_the_beginning() throws Exception {
    first.add("CN=both," + AdLike.BASE, "computer");
    second.add("CN=both," + AdLike.BASE, "computer");
    second.add("CN=not-yet-replicated," + AdLike.BASE, "computer");
    for (int i = 0; i < 50; i++) first.add("CN=host-" + i + "," + AdLike.BASE, "computer");
    follow(Duration.ofHours(1));
    assertThat(seen.resets()).isEqualTo(1);

    toFirst.cut();
    seen.await(
        "the other's content", s -> s.find("CN=not-yet-replicated," + AdLike.BASE).isPresent());
    assertThat(seen.resets()).isEqualTo(2);
    second.add("CN=new," + AdLike.BASE, "computer");
    seen.await("the other's change", s -> s.find("CN=new," + AdLike.BASE).isPresent());
    assertThat(seen.losses()).as("one that answers is enough").isEmpty();
  }

  @Test
  void a_domain_controller_that_was_set_back_is_read_from_the_beginning() throws Exception {
    follow(Duration.ofHours(1));
    first.add("CN=a," + AdLike.BASE, "computer");
    seen.await("it", s -> s.find("CN=a," + AdLike.BASE).isPresent());
    first.restored(3, "first life");
    seen.await("a full read", s -> s.resets() == 2);
  }

  /// By the time we are back it may have written past where we stopped.
  @Test
  void a_restored_domain_controller_is_read_from_the_beginning_although_its_number_is_higher()
      throws Exception {
    toSecond.cut();
    follow(Duration.ofHours(1));
    toFirst.cut();
    seen.await("the loss", Collected::isLost);
    first.addUnseen("CN=under-a-number-we-had-passed," + AdLike.BASE, "computer");
    first.restored(-20, "second life");
    toFirst.mend();
    seen.await("a full read", s -> s.resets() == 2);
    assertThat(seen.find("CN=under-a-number-we-had-passed," + AdLike.BASE)).isPresent();
  }

  @Test
  void everything_is_read_again_when_it_is_time() throws Exception {
    follow(Duration.ofMillis(300));
    seen.await("two more full reads", s -> s.resets() >= 3);
    first.add("CN=a," + AdLike.BASE, "computer");
    seen.await("a change between them", s -> s.find("CN=a," + AdLike.BASE).isPresent());
    assertThat(seen.losses()).isEmpty();
  }
}
