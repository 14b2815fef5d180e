package dev.reeve.server.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinedSourceTest {

  private static final Dn CORP = Dn.parse("DC=corp");
  private static final Dn EU = Dn.parse("DC=eu");

  /// `/` separates the domains that one source reads.
  @ParameterizedTest(name = "{3} of {0} and {1}, read with {2}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          first         | further       | read          | name                                    | delivered
          DC=corp       | DC=eu         | DC=corp       | OU=Web,DC=corp                          | true
          DC=corp       | DC=eu         | DC=eu         | OU=Web,DC=corp                          | false
          DC=corp       | DC=eu         | DC=eu         | CN=x,DC=EU                              | true
          DC=corp       | DC=eu         | DC=corp       | CN=x,DC=EU                              | false
          DC=corp       | DC=eu         | DC=corp/DC=eu | CN=x,DC=EU                              | true
          DC=corp       | DC=eu         | DC=corp       | CN=x,DC=elsewhere                       | true
          DC=corp       | DC=eu         | DC=corp       | CN=Sites,CN=Configuration,DC=corp       | true
          DC=corp       | DC=eu         | DC=eu         | CN=Configuration,DC=eu                  | false
          DC=corp       | DC=eu         | DC=corp/DC=eu | CN=Configuration,DC=eu                  | false
          DC=corp       | DC=eu         | DC=corp       | CN=Sites,CN=Configuration,DC=eu         | true
          DC=corp       | DC=eu,DC=corp | DC=eu,DC=corp | CN=x,DC=eu,DC=corp                      | true
          DC=corp       | DC=eu,DC=corp | DC=corp       | CN=x,DC=eu,DC=corp                      | false
          DC=corp       | DC=eu,DC=corp | DC=corp       | CN=Sites,CN=Configuration,DC=eu,DC=corp | false
          DC=eu,DC=corp | DC=corp       | DC=eu,DC=corp | CN=x,DC=eu,DC=corp                      | true
          DC=eu,DC=corp | DC=corp       | DC=corp       | CN=x,DC=eu,DC=corp                      | false
          DC=eu,DC=corp | DC=corp       | DC=corp       | CN=x,DC=corp                            | true
          DC=eu,DC=corp | DC=corp       | DC=corp       | CN=Sites,CN=Configuration,DC=corp       | false
          DC=eu,DC=corp | DC=corp       | DC=eu,DC=corp | CN=Sites,CN=Configuration,DC=corp       | true
          """)
  void a_source_speaks_of_what_is_nearest_to_its_domains(
      String first, String further, String read, String name, boolean delivered) {
    var domains = new Domains(Dn.parse(first), List.of(Dn.parse(further)));
    var source = Stream.of(read.split("/")).map(Dn::parse).collect(Collectors.toSet());
    assertThat(domains.speaks(source, Dn.parse(name))).isEqualTo(delivered);
  }

  @Test
  void a_domain_is_named_once() {
    assertThatThrownBy(() -> new Domains(CORP, List.of(EU, CORP)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DC=corp");
    assertThatThrownBy(() -> new Domains(CORP, List.of(EU, EU)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DC=eu");
  }

  /// What is delivered, one line each.
  private static final class Told implements DirectorySource.Feed {
    final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Override
    public void reset(Collection<LdapEntry> all, Predicate<Dn> part) {
      lines.add(
          "reset " + (part.test(CORP) ? "corp " : "") + (part.test(EU) ? "eu " : "") + names(all));
    }

    @Override
    public void changed(List<DirectoryChange> changes) {
      lines.add(
          changes.stream()
              .map(change ->
                  switch (change) {
                    case DirectoryChange.Upsert(var entry) -> "+" + entry.dn();
                    case DirectoryChange.Delete(var dn) -> "-" + dn;
                    case DirectoryChange.Moved(var from, var to) -> from + ">" + to;
                  })
              .collect(Collectors.joining(" ", "changed ", "")));
    }

    @Override
    public void lost(String why) {
      lines.add("lost " + why);
    }

    @Override
    public void inContact() {
      lines.add("in contact");
    }

    String next() throws InterruptedException {
      return Optional.ofNullable(lines.poll(20, TimeUnit.SECONDS)).orElse("nothing");
    }
  }

  private static String names(Collection<LdapEntry> all) {
    return all.stream().map(entry -> entry.dn().toString()).sorted().toList().toString();
  }

  /// Refuses as often as told, then reads these names.
  private static final class Scripted implements DirectorySource {
    private final List<String> names;
    private final CountDownLatch mended;
    private boolean refused;
    Optional<Feed> feed = Optional.empty();
    boolean closed;

    Scripted(boolean refuses, String... names) {
      this.names = List.of(names);
      this.mended = new CountDownLatch(refuses ? 1 : 0);
    }

    @Override
    public void start(Feed target) throws DirectoryException {
      if (!refused && mended.getCount() > 0) {
        refused = true;
        throw new DirectoryException("not today");
      }
      try {
        mended.await();
      } catch (InterruptedException e) {
        throw new DirectoryException("interrupted", e);
      }
      feed = Optional.of(target);
      target.reset(entries(names));
    }

    @Override
    public void resume(Feed target) {
      feed = Optional.of(target);
      target.lost("not yet");
    }

    @Override
    public String describe() {
      return names.toString();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static List<LdapEntry> entries(List<String> names) {
    var entries = new ArrayList<LdapEntry>();
    names.forEach(name -> entries.add(entry(name)));
    return entries;
  }

  private static LdapEntry entry(String name) {
    return LdapEntry.named(Dn.parse(name)).addClasses(LdapClass.CONTAINER).build();
  }

  private static DirectoryChange upsert(String name) {
    return new DirectoryChange.Upsert(entry(name));
  }

  private final Told told = new Told();

  private static JoinedSource join(DirectorySource corp, DirectorySource eu) {
    return new JoinedSource(
        new Domains(CORP, List.of(EU)),
        List.of(new JoinedSource.Part(Set.of(CORP), corp), new JoinedSource.Part(Set.of(EU), eu)));
  }

  @Test
  void all_domains_are_one_first_read_and_each_delivers_what_is_its_own() throws Exception {
    var corp =
        new Scripted(false, "DC=corp", "CN=Sites,CN=Configuration,DC=corp", "CN=glued,DC=eu");
    var eu = new Scripted(false, "DC=eu", "CN=Sites,CN=Configuration,DC=eu");
    try (var joined = join(corp, eu)) {
      joined.start(told);
      assertThat(told.next())
          .isEqualTo("reset corp eu [CN=Sites,CN=Configuration,DC=corp, DC=corp, DC=eu]");

      corp.feed.orElseThrow().changed(List.of(upsert("CN=a,DC=corp"), upsert("CN=a,DC=eu")));
      assertThat(told.next()).isEqualTo("changed +CN=a,DC=corp");
      eu.feed
          .orElseThrow()
          .changed(
              List.of(
                  upsert("CN=a,DC=eu"),
                  new DirectoryChange.Delete(Dn.parse("CN=b,DC=eu")),
                  new DirectoryChange.Delete(Dn.parse("CN=b,DC=corp")),
                  new DirectoryChange.Moved(Dn.parse("CN=c,DC=eu"), Dn.parse("CN=d,DC=eu")),
                  new DirectoryChange.Moved(
                      Dn.parse("CN=e,DC=eu"), Dn.parse("CN=e,CN=Configuration,DC=eu"))));
      assertThat(told.next())
          .isEqualTo("changed +CN=a,DC=eu -CN=b,DC=eu CN=c,DC=eu>CN=d,DC=eu -CN=e,DC=eu");
      eu.feed.orElseThrow().reset(entries(List.of("DC=eu", "CN=f,DC=corp")));
      assertThat(told.next()).as("a later read is of its part").isEqualTo("reset eu [DC=eu]");
    }
    assertThat(corp.closed && eu.closed).isTrue();
  }

  @Test
  void a_further_domain_that_cannot_be_read_is_waited_for_and_holds_up_nothing() throws Exception {
    var corp = new Scripted(false, "DC=corp");
    var eu = new Scripted(true, "DC=eu");
    try (var joined = join(corp, eu)) {
      joined.start(told);
      assertThat(told.next()).isEqualTo("reset corp eu [DC=corp]");
      String lost = told.next();
      assertThat(lost).contains("DC=eu", "not today", "unknown");

      corp.feed.orElseThrow().changed(List.of(upsert("CN=a,DC=corp")));
      assertThat(told.next()).isEqualTo("changed +CN=a,DC=corp");
      assertThat(told.next()).as("it is still lost").isEqualTo(lost);

      eu.mended.countDown();
      assertThat(told.next()).isEqualTo("reset eu [DC=eu]");
      corp.feed.orElseThrow().lost("gone");
      assertThat(told.next()).isEqualTo("lost gone");
      eu.feed.orElseThrow().lost("gone too");
      assertThat(told.next()).isEqualTo("lost gone; DC=eu: gone too");
      corp.feed.orElseThrow().changed(List.of());
      assertThat(told.next()).isEqualTo("changed ");
      assertThat(told.next()).isEqualTo("lost DC=eu: gone too");
    }
  }

  @Test
  void what_a_feed_has_stays_until_the_source_that_owns_it_was_read() throws Exception {
    var corp = new Scripted(false, "DC=corp");
    var eu = new Scripted(false, "DC=eu");
    var told = new Told();
    try (var joined =
        new JoinedSource(
            new Domains(CORP, List.of(EU)),
            List.of(
                new JoinedSource.Part(Set.of(CORP), corp),
                new JoinedSource.Part(Set.of(EU), eu)))) {
      joined.resume(told);
      assertThat(told.next()).isEqualTo("lost not yet");
      assertThat(told.next()).isEqualTo("lost not yet; DC=eu: not yet");

      eu.feed.orElseThrow().inContact();
      eu.feed.orElseThrow().reset(entries(eu.names));
      assertThat(told.next()).isEqualTo("reset eu [DC=eu]");
      assertThat(told.next()).isEqualTo("lost not yet");
      corp.feed.orElseThrow().reset(entries(corp.names));
      assertThat(told.next()).isEqualTo("reset corp [DC=corp]");
      eu.feed.orElseThrow().inContact();
      assertThat(told.next()).isEqualTo("in contact");
    }
  }

  @Test
  void without_the_first_domain_there_is_no_start() {
    try (var joined = join(new Scripted(true, "DC=corp"), new Scripted(false, "DC=eu"))) {
      assertThatThrownBy(() -> joined.start(told))
          .isInstanceOf(DirectoryException.class)
          .hasMessage("not today");
    }
    assertThat(told.lines).isEmpty();
  }
}
