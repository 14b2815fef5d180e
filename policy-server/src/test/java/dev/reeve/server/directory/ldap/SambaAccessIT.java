package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.NativeSamba;
import dev.reeve.lab.TestCa;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.rsop.Reason;
import dev.reeve.schema.ms.Sid;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may apply a GPO of a real Samba: what we make of its access list, and what Samba's own two
/// judges do. `samba-tool gpo list` asks for Read and not for Apply-Group-Policy, libgpo (`net ads
/// gpo list`) for Apply-Group-Policy and not for Read. A GPO needs both.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SambaAccessIT {

  private static final String AUTHENTICATED_USERS = "01010000000000050b000000"; // S-1-5-11
  private static final String TOP = "OU=Access," + NativeDirectory.BASE;
  private static final String HOST = "CN=host-1," + TOP;
  private static final String INNER = "CN=Inner," + TOP; // the host is in it
  private static final String OUTER = "CN=Outer," + TOP; // Inner is in it
  private static final String OTHER = "CN=Other," + TOP;

  @TempDir static Path dir;
  private NativeSamba samba;
  private SambaTools tools;
  private LDAPConnection admin;
  private LdapSource source;
  private String gpo;
  private byte[] others; // what the tool wrote, without the entries of Authenticated Users
  private Path password;
  private int version = 1;
  private final Collected seen = new Collected();

  @BeforeAll
  void start() throws Exception {
    assumeTrue(NativeSamba.missing().isEmpty(), () -> NativeSamba.missing().orElse(""));
    samba = NativeSamba.startUncertified(dir.resolve("samba"));
    tools = new SambaTools(samba);
    admin = samba.administrator();
    admin.add("dn: " + TOP, "objectClass: organizationalUnit");
    addComputer(HOST);
    addGroup(OTHER);
    addGroup(INNER, HOST);
    addGroup(OUTER, INNER);
    gpo = tools.createSecureGpo(admin, "filtered");
    String unused = tools.run("gpo", "setlink", TOP, Dn.parse(gpo).name());
    others = withoutAuthenticatedUsers(samba.readAccessList(gpo));
    samba.writeAccessList(gpo, others);
    unused =
        tools.addAce(
            gpo, "(A;CI;RPLCLORC;;;" + sid("CN=reeve,CN=Users," + NativeDirectory.BASE) + ")");
    others = samba.readAccessList(gpo);

    password = Files.writeString(dir.resolve("password"), samba.password());
    source = new LdapSource(config("ldaps://" + samba.address(), Optional.of(NativeSamba.HOST)));
    source.start(seen);
  }

  @AfterAll
  void stop() {
    if (source != null) source.close();
    if (admin != null) admin.close();
    if (samba != null) samba.close();
  }

  private LdapConfig config(String url, Optional<String> serverName) {
    var login = new Credentials.Password(samba.reader(), password);
    return new LdapConfigs(samba, password).with(login, url, serverName);
  }

  private void addComputer(String dn) throws Exception {
    admin.add(SmallDomain.of("", samba.dialect()).computerEntry(dn));
  }

  private void addGroup(String dn, String... members) throws Exception {
    admin.add("dn: " + dn, "objectClass: group", "sAMAccountName: " + Dn.parse(dn).name());
    for (String member : members)
      admin.modify(dn, new Modification(ModificationType.ADD, "member", member));
  }

  private String sid(String account) throws Exception {
    return Sid.parse(admin.getEntry(account, "objectSid").getAttributeValueBytes("objectSid"));
  }

  // READ and APPLY are the two entries of Authenticated Users as `samba-tool gpo create` writes
  // them, AGP is the GUID of Apply-Group-Policy, DC are the Domain Computers, which are the host's
  // primary group.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          access list                        | may read | may apply | ours | why not both
          READ APPLY                         | yes | yes | yes |
          READ                               | yes | no  | no  |
          APPLY                              | no  | yes | no  |
          READ (OA;;CR;AGP;;INNER)           | yes | yes | yes |
          READ (OA;;CR;AGP;;OUTER)           | yes | yes | yes |
          READ (OA;;CR;AGP;;OTHER)           | yes | no  | no  |
          READ (OA;;CR;AGP;;HOST)            | yes | yes | yes |
          READ (OA;;CR;AGP;;DC)              | yes | yes | yes |
          (OD;;CR;AGP;;DC) READ APPLY        | yes | no  | no  |
          (OD;;CR;AGP;;OUTER) READ APPLY     | yes | no  | no  |
          (OD;;CR;AGP;;OTHER) READ APPLY     | yes | yes | yes |
          READ APPLY (OD;;CR;AGP;;DC)        | yes | yes | yes |
          READ (OA;CIIO;CR;AGP;;AU)          | yes | yes | no  | libgpo takes an entry for others for one of this object
          (OD;CIIO;CR;AGP;;AU) READ APPLY    | yes | no  | yes | libgpo takes an entry for others for one of this object
          READ (A;;CR;;;OUTER)               | yes | no  | yes | libgpo knows no entry for all rights
          (D;;CR;;;OUTER) READ APPLY         | yes | yes | no  | libgpo knows no entry for all rights
          READ (OA;;CR;00299570-246d-11d0-a768-00aa006e0529;;AU) | yes | no | no |
          (A;CI;RPLCLORC;;;OUTER) APPLY      | yes | yes | yes |
          (A;CI;RPLCLORC;;;DC) APPLY         | yes | yes | yes |
          (A;CI;RPLCLORC;;;OTHER) APPLY      | no  | yes | no  |
          (A;CIIO;RPLCLORC;;;AU) APPLY       | no  | yes | no  |
          (D;;RP;;;DC) READ APPLY            | no  | yes | no  |
          READ APPLY (D;;RP;;;DC)            | yes | yes | yes |
          (A;;RP;;;AU) APPLY                 | no  | yes | yes | samba-tool asks for List Contents and Read Permissions too
          """)
  void a_GPO_applies_when_Samba_lets_the_computer_read_and_apply_it(
      String list, String read, String apply, String ours, String difference) throws Exception {
    write(list);
    assertThat(judged(HOST)).as(list).isEqualTo(new Judged(is(read), is(apply), is(ours)));
    assertThat(difference != null)
        .as("a difference is named")
        .isEqualTo(is(ours) != (is(read) && is(apply)));
  }

  private static boolean is(String word) {
    return word.equals("yes");
  }

  record Judged(boolean read, boolean apply, boolean ours) {}

  private Judged judged(String computer) throws Exception {
    String guid = Dn.parse(gpo).name();
    var link =
        SmallDomain.rsop(seen, computer).links().stream()
            .filter(one -> one.guid().equals(guid))
            .findFirst()
            .orElseThrow();
    assertThat(link.reason()).isIn(Optional.empty(), Optional.of(Reason.SECURITY_FILTERED));
    return new Judged(
        tools.gposOf(computer).contains(guid),
        tools.gposAppliedTo(computer).contains(guid),
        link.applied());
  }

  /// Puts these entries before those which the tool wrote for others, and waits until they are
  /// seen.
  private void write(String list) throws Exception {
    samba.writeAccessList(gpo, others);
    String entries =
        list.replace("READ", "(A;CI;RPLCLORC;;;AU)")
            .replace("APPLY", "(OA;CI;CR;AGP;;AU)")
            .replace("AGP", "edacfd8f-ffb3-11d1-b41d-00a0c968f939")
            .replace("HOST", sid(HOST))
            .replace("INNER", sid(INNER))
            .replace("OUTER", sid(OUTER))
            .replace("OTHER", sid(OTHER));
    List<String> each = List.of(entries.split(" "));
    String said = tools.addAce(gpo, String.join("", each.reversed())); // each before the last
    assertThat(said.substring(said.indexOf("new descriptor"))).contains(String.join("", each));
    String next = Integer.toString(++version);
    admin.modify(gpo, new Modification(ModificationType.REPLACE, "versionNumber", next));
    seen.await(list, s -> s.text(gpo, LdapAttribute.VERSION_NUMBER).equals(Optional.of(next)));
  }

  /// MS-DTYP 2.4.5: each entry says how long it is, and ends with whom it is for.
  private static byte[] withoutAuthenticatedUsers(byte[] descriptor) {
    var in = ByteBuffer.wrap(descriptor).order(ByteOrder.LITTLE_ENDIAN);
    int list = in.getInt(16);
    var kept = new ByteArrayOutputStream();
    int count = 0;
    for (int at = list + 8; at < list + in.getShort(list + 2); at += in.getShort(at + 2)) {
      byte[] entry = Arrays.copyOfRange(descriptor, at, at + in.getShort(at + 2));
      if (HexFormat.of().formatHex(entry).endsWith(AUTHENTICATED_USERS)) continue;
      kept.writeBytes(entry);
      count++;
    }
    assertThat(count).as("entries left").isEqualTo(in.getShort(list + 4) - 2);
    return ByteBuffer.allocate(20 + 8 + kept.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(descriptor, 0, 4) // revision and control
        .putInt(16, 20)
        .position(20)
        .putShort(in.getShort(list))
        .putShort((short) (8 + kept.size()))
        .putInt(count)
        .put(kept.toByteArray())
        .array();
  }

  /// Which group that is, the computer alone says: no group names it as a member any more.
  @Test
  void another_primary_group_counts_and_the_one_before_as_long_as_the_computer_is_in_it()
      throws Exception {
    String host = "CN=host-2," + TOP;
    String primary = "CN=Primary," + TOP;
    addComputer(host);
    addGroup(primary, host);
    String rid = sid(primary).replaceFirst(".*-", "");
    admin.modify(host, new Modification(ModificationType.REPLACE, "primaryGroupID", rid));
    assertThat(admin.getEntry(primary).hasAttribute("member")).isFalse();

    write("READ (OA;;CR;AGP;;" + sid(primary) + ")");
    assertThat(judged(host)).isEqualTo(new Judged(true, true, true));
    write("READ (OA;;CR;AGP;;DC)");
    assertThat(judged(host)).isEqualTo(new Judged(true, true, true));
    String unused = tools.run("group", "removemembers", "Domain Computers", "HOST-2$");
    write("READ (OA;;CR;AGP;;DC)");
    assertThat(judged(host)).isEqualTo(new Judged(true, false, false));
    write("(OD;;CR;AGP;;" + sid(primary) + ") READ APPLY");
    assertThat(judged(host)).isEqualTo(new Judged(true, false, false));
  }

  /// First the one that Samba made itself, which has a common name and nothing else.
  @Test
  void a_certificate_is_good_for_the_names_in_it_and_the_refusal_tells_both_names()
      throws Exception {
    try (var relay = Relay.to(samba.tlsAddress())) {
      assertGoodForItsNameAlone(relay, "CN=DC1.corp.example");
      samba.certify(TestCa.make(dir.resolve("ca"), "directory", "DNS:" + NativeSamba.HOST));
      admin.close();
      admin = samba.administrator();
      assertGoodForItsNameAlone(relay, "dc1.corp.example");
    }
  }

  /// @param named what a refusal says that the certificate has
  private void assertGoodForItsNameAlone(Relay relay, String named) {
    String url = "ldaps://localhost:" + relay.port();
    assertThat(refusal(url, Optional.empty())).contains("'localhost'", named);
    assertThat(refusal("ldaps://" + samba.address(), Optional.empty()))
        .contains("'" + samba.address() + "'", named);
    assertThat(refusal(url, Optional.of("dc2.corp.example"))).contains("'dc2.corp.example'", named);
    assertThat(refusal(url, Optional.of(NativeSamba.HOST))).isEmpty();
  }

  /// @return empty = it was read
  private String refusal(String url, Optional<String> serverName) {
    try (var tried = new LdapSource(config(url, serverName))) {
      tried.start(new Collected());
      return "";
    } catch (DirectoryException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
