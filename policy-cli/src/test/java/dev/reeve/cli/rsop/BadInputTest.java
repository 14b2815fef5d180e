package dev.reeve.cli.rsop;

import static dev.reeve.cli.rsop.TestDomain.DOMAIN;
import static dev.reeve.cli.rsop.TestDomain.gpoDn;
import static dev.reeve.cli.rsop.TestDomain.linkTo;
import static dev.reeve.cli.rsop.TestDomain.policyDn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.cli.Ran;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is wrong in a directory is a problem that names entry and attribute; whom it does not
/// concern has an answer all the same.
class BadInputTest {

  private static final String HIT = "CN=hit,OU=Hit," + DOMAIN;
  private static final String SPARED = "CN=spared,OU=Spared," + DOMAIN;

  @TempDir Path directory;

  /// GPO 1 is linked where `hit` is, GPO 2 where `spared` is.
  private static TestDomain domain(String linkOfHit) {
    return new TestDomain()
        .ou("OU=Hit," + DOMAIN, linkOfHit)
        .ou("OU=Spared," + DOMAIN, linkTo(2))
        .computer(HIT)
        .computer(SPARED)
        .gpo(1, "First")
        .gpo(2, "Second");
  }

  private static TestDomain domain() {
    return domain(linkTo(1));
  }

  private static TestDomain withMicrosoftPolicy(byte[] ipsecData) {
    String policy =
        "CN=ipsecPolicy{72385230-70FA-11D1-864C-14A300000000},CN=IP Security,CN=System," + DOMAIN;
    return domain()
        .without("CN=IPSEC,CN=Reeve,CN=Machine," + gpoDn(1))
        .pointer(1, policy)
        .entry(
            policy,
            "objectClass: ipsecPolicy",
            "ipsecName: Hostile",
            "ipsecID: {72385230-70FA-11D1-864C-14A300000000}",
            "ipsecDataType: 598",
            "ipsecData:: " + Base64.getEncoder().encodeToString(ipsecData));
  }

  private static byte[] blob(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /// What is wrong · the domain · the entry and attribute named · the assignment of `hit`.
  static Stream<Arguments> cases() {
    return Stream.of(
        wrong("malformed gPLink", domain("[LDAP://nonsense;0"), "OU=Hit," + DOMAIN, "gPLink"),
        wrong("link to no GPO", domain(linkTo(9)), "OU=Hit," + DOMAIN, "gPLink"),
        wrong(
            "odd link option", domain("[LDAP://" + gpoDn(1) + ";x]"), "OU=Hit," + DOMAIN, "gPLink"),
        wrong(
            "dangling ipsecOwnersReference",
            domain().without(policyDn(1)),
            gpoDn(1),
            "ipsecOwnersReference"),
        wrong("truncated ipsecData", withMicrosoftPolicy(blob(10)), "", "ipsecData"),
        wrong("empty ipsecData", withMicrosoftPolicy(new byte[0]), "", "ipsecData"),
        wrong("hostile ipsecData", withMicrosoftPolicy(blob(63)), "", "ipsecData"),
        wrong("2 MB of ipsecData", withMicrosoftPolicy(blob(2 << 20)), "", "ipsecData"));
  }

  private static Arguments wrong(String what, TestDomain domain, String dn, String attribute) {
    return Arguments.of(what, domain, dn, attribute);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void it_is_a_problem_of_whom_it_concerns_and_of_nobody_else(
      String what, TestDomain domain, String dn, String attribute) {
    var hit = answer(domain, HIT);
    assertThat(hit.string("assignment")).as(what).isEqualTo("UNKNOWN");
    assertThat(hit.get("problems").toString()).contains(dn).contains(attribute);
    assertThat(answer(domain, SPARED).string("assignment")).isEqualTo("ASSIGNED");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void people_read_the_same_in_words(String what, TestDomain domain, String dn, String attribute) {
    Ran ran = plan(domain, HIT, "text");
    assertThat(ran.code()).as(what).isZero();
    String joined = ran.out().replaceAll("\\s+", "");
    assertThat(joined).contains("unknown").contains(dn.replace(" ", "")).contains(attribute);
  }

  @Test
  void a_duplicate_entry_is_reported_with_its_name() {
    Ran ran = plan(domain().computer(SPARED), HIT, "json");
    assertThat(ran.code()).isZero();
    assertThat(ran.err().replaceAll("\\s+", " ")).contains(SPARED).contains("DUPLICATE_ENTRY");
  }

  @Test
  void an_entry_that_is_no_entry_is_reported_and_the_rest_goes_on() {
    String broken = domain().text() + "\ndn: CN=broken," + DOMAIN + "\nthis line has no colon\n";
    Path file = TestDomain.write(directory, broken);
    Ran ran =
        Ran.reeve("rsop", "plan", "--ldif", file.toString(), "--computer", HIT, "--output", "json");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("\"assignment\":\"ASSIGNED\"");
    assertThat(ran.err()).contains("CN=broken," + DOMAIN);
  }

  private Ran plan(TestDomain domain, String computer, String output) {
    String file = domain.writeTo(directory).toString();
    return Ran.reeve("rsop", "plan", "--ldif", file, "--computer", computer, "--output", output);
  }

  private JsonMembers answer(TestDomain domain, String computer) {
    Ran ran = plan(domain, computer, "json");
    assertThat(ran.code()).as(Arrays.asList(ran.err(), ran.out()).toString()).isZero();
    return JsonMembers.of("$", JsonText.parse(ran.out()));
  }
}
