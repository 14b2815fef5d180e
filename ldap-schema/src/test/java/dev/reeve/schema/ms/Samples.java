package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The 22 objects of a fresh domain.
final class Samples {

  /// Seals nothing: it shows what it was given.
  static final SecretSealer SEALER =
      secret -> {
        var sealed =
            SealedSecret.ofBytes(
                ("sealed:" + new String(secret, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8));
        Arrays.fill(secret, (byte) 0);
        return sealed;
      };

  private Samples() {}

  static byte[] resource(String name) {
    try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final List<LdapEntry> ENTRIES =
      LdifFile.parse(resource("/ms/samba-provision-ipsec.ldif")).entries().stream()
          .filter(e -> e.has(LdapAttribute.IPSEC_DATA))
          .toList();

  static List<LdapEntry> entries() {
    return ENTRIES;
  }

  static LdapEntry entry(String guid) {
    return entries().stream()
        .filter(e -> e.text(LdapAttribute.IPSEC_ID).orElse("").equals(guid))
        .findFirst()
        .orElseThrow();
  }

  static byte[] data(LdapEntry entry) {
    return entry.firstBytes(LdapAttribute.IPSEC_DATA).orElseThrow();
  }

  static IpsecObject decode(LdapEntry entry, byte[] data) {
    if (entry.isA(LdapClass.IPSEC_POLICY)) return MsIpsecData.policy(data);
    if (entry.isA(LdapClass.IPSEC_ISAKMP_POLICY)) return MsIpsecData.mainMode(data);
    if (entry.isA(LdapClass.IPSEC_NFA)) return MsIpsecData.rule(data, SEALER);
    if (entry.isA(LdapClass.IPSEC_FILTER)) return MsIpsecData.filters(data);
    return MsIpsecData.action(
        data,
        entry.text(LdapAttribute.IPSEC_NEGOTIATION_POLICY_ACTION).orElse(""),
        entry.text(LdapAttribute.IPSEC_NEGOTIATION_POLICY_TYPE).orElse(""),
        entry.text(LdapAttribute.IPSEC_NAME).orElse(""));
  }
}
