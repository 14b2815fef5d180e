package dev.reeve.schema.fuzz;

import dev.reeve.schema.ipsec.ReeveIpsecData;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Real values to begin with: a freshly provisioned domain's, and the sample domain's.
final class Seeds {

  private static final List<LdapEntry> PROVISIONED = ldif("/ms/samba-provision-ipsec.ldif");
  private static final List<LdapEntry> SAMPLE = ldif("/samples/corp.ldif");

  private Seeds() {}

  static List<byte[]> names() {
    return texts(
        Stream.concat(PROVISIONED.stream(), SAMPLE.stream()).map(e -> e.dn().toString()),
        "CN=a\\,b+OU=\\20x\\ ,OID.2.5.4.3=#0c0161,DC=\\c3\\a4",
        "cn=Straße, o=\\\"q\\\" ; \\+");
  }

  static List<byte[]> links() {
    return texts(
        values(LdapAttribute.GP_LINK),
        " ",
        "[LDAP://dc1.corp.example/CN={A},CN=Policies,CN=System,DC=corp,DC=example;3] [ldap://x;9]");
  }

  static List<byte[]> extensionLists() {
    return texts(
        values(LdapAttribute.GPC_MACHINE_EXTENSION_NAMES),
        "[{00000000-0000-0000-0000-000000000000}{53D6AB1B-2488-11D1-A28C-00C04FB94F17}]"
            + "[{E437BC1C-AA7D-11D2-A382-00C04F991E27}{DEA8AFA0-CC85-11D0-9CE2-0080C7221EBD}]");
  }

  static List<byte[]> factFilters() {
    var parm2 = new ArrayList<String>();
    for (String query :
        List.of(
            "SELECT * FROM Win32_OperatingSystem WHERE Version LIKE '1[0-2]%' AND NOT (Caption = 'x')",
            "select hostname, os.version from Reeve_Host where os_version >= 10.5 or role is not null",
            "SELECT * FROM Win32_Processor WHERE 9 = Architecture OR AddressWidth <> '64'",
            "SELECT * FROM Facts WHERE role = \"we;b\" AND address != NULL")) {
      parm2.add("1;3;10;" + query.length() + ";WQL;root\\CIMv2;" + query + ";");
    }
    String one = "SELECT * FROM Facts";
    parm2.add(
        "2;3;10;19;WQL;root\\CIMv2;"
            + one
            + ";3;10;"
            + one.length()
            + ";WQL;root\\CIMv2;"
            + one
            + ";");
    parm2.add("[corp.example;{0E0E6B93-6B8C-4B8D-A0C1-7A6F3C0B5D11};0]");
    return texts(parm2.stream());
  }

  static List<byte[]> securityDescriptors() {
    byte[] real = Base64.getMimeDecoder().decode(resource("/ms/gpo-security-descriptor.base64"));
    return List.of(
        real,
        "S-1-5-21-1004336348-1177238915-682003330-512".getBytes(StandardCharsets.UTF_8),
        new byte[] {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0});
  }

  static List<byte[]> json() {
    return Stream.concat(
            SAMPLE.stream()
                .filter(e ->
                    e.text(LdapAttribute.IPSEC_DATA_TYPE)
                        .filter(t -> t.equals("" + ReeveIpsecData.DATA_TYPE))
                        .isPresent())
                .flatMap(e -> e.firstBytes(LdapAttribute.IPSEC_DATA).stream()),
            texts(
                Stream.of(),
                "{\"v\":1,\"bootMode\":\"block\",\"bootExemptions\":[\"TCP:0:22:inbound\"],"
                    + "\"ipsecExempt\":0,\"legacy\":true,\"mePrivate\":[\"eth1\"],"
                    + "\"networkAllow\":[\"CN=a,DC=b\"],\"ipsecLogInterval\":60}",
                "{\"v\":1,\"authentication\":[{\"kind\":\"certificate\",\"authority\":\"CN=CA\"},"
                    + "{\"kind\":\"psk\",\"sealed\":\"AAAA\"}],\"networkType\":\"lan\","
                    + "\"active\":false,\"tunnel\":\"2001:db8::1\"}")
                .stream())
        .toList();
  }

  /// An action has one byte in front: which attributes go with it.
  static List<byte[]> ipsecData(String objectClass) {
    LdapClass kind =
        Arrays.stream(LdapClass.values())
            .filter(c -> c.ldapName().equals(objectClass))
            .findFirst()
            .orElseThrow();
    var seeds = new ArrayList<byte[]>();
    for (LdapEntry entry : PROVISIONED) {
      if (!entry.isA(kind)) continue;
      byte[] data = entry.firstBytes(LdapAttribute.IPSEC_DATA).orElseThrow();
      if (kind != LdapClass.IPSEC_NEGOTIATION_POLICY) {
        seeds.add(data);
        continue;
      }
      for (byte attributes = 0; attributes < 8; attributes += 3) {
        var seed = new byte[data.length + 1];
        seed[0] = attributes;
        System.arraycopy(data, 0, seed, 1, data.length);
        seeds.add(seed);
      }
    }
    return seeds;
  }

  private static Stream<String> values(LdapAttribute attribute) {
    return SAMPLE.stream().flatMap(e -> e.texts(attribute).stream()).distinct();
  }

  private static List<byte[]> texts(Stream<String> some, String... more) {
    return Stream.concat(some, Arrays.stream(more))
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private static List<LdapEntry> ldif(String name) {
    return LdifFile.parse(resource(name)).entries();
  }

  static byte[] resource(String name) {
    try (InputStream in = Objects.requireNonNull(Seeds.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
