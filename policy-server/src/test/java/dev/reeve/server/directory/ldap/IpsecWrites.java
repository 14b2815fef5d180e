package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import dev.reeve.model.gp.Dn;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Writes to IPsec objects: many entries make a policy, written one after the other.
final class IpsecWrites extends WritingHand {

  IpsecWrites(Random random, SoakDomain domain) {
    super(random, domain);
  }

  void touchIpsec(LDAPConnection directory) throws LDAPException {
    String dn = any(domain.ipsec("ipsecBase"));
    switch (random.nextInt(3)) {
      case 0 -> set(directory, dn, "ipsecName", "name " + random.nextInt(1000));
      case 1 -> set(directory, dn, "description", "text " + random.nextInt(1000));
      default -> {
        String own = any(domain.ownIpsec());
        byte[] data = directory.getEntry(own, "ipsecData").getAttributeValueBytes("ipsecData");
        if (data == null || data.length < 3) return;
        byte[] changed = Arrays.copyOf(data, data.length - random.nextInt(2));
        changed[random.nextInt(changed.length)] ^= 1;
        directory.modify(own, new Modification(ModificationType.REPLACE, "ipsecData", changed));
      }
    }
  }

  void ipsecReferences(LDAPConnection directory) throws LDAPException {
    switch (random.nextInt(4)) {
      case 0 -> refer(directory, "ipsecPolicy", "ipsecNFAReference", "ipsecNFA");
      case 1 -> refer(directory, "ipsecPolicy", "ipsecISAKMPReference", "ipsecISAKMPPolicy");
      case 2 -> refer(directory, "ipsecNFA", "ipsecFilterReference", "ipsecFilter");
      default ->
          refer(directory, "ipsecNFA", "ipsecNegotiationPolicyReference", "ipsecNegotiationPolicy");
    }
  }

  private void refer(LDAPConnection directory, String from, String attribute, String to)
      throws LDAPException {
    List<String> own = domain.ownIpsec().stream().filter(domain.ipsec(from)::contains).toList();
    set(directory, any(own), attribute, any(domain.ipsec(to)));
  }

  void copyIpsec(LDAPConnection directory) throws LDAPException {
    Entry template = directory.getEntry(any(domain.ipsec("ipsecBase")));
    if (template == null) throw new LDAPException(ResultCode.NO_SUCH_OBJECT, "it is gone");
    Dn dn = Dn.parse(template.getDN());
    String guid = SoakDomain.freshGuid(random);
    String cn = dn.name().substring(0, dn.name().indexOf('{')) + guid;
    var copy = new Entry("CN=" + cn + "," + dn.parent().orElseThrow());
    for (String name : template.getObjectClassValues())
      if (name.startsWith("ipsec")) copy.addAttribute("objectClass", name);
    copy.addAttribute("cn", cn);
    copy.addAttribute("ipsecID", guid);
    for (var attribute : template.getAttributes()) {
      String name = attribute.getName();
      if (name.toLowerCase(Locale.ROOT).startsWith("ipsec") && !name.equalsIgnoreCase("ipsecID"))
        copy.setAttribute(attribute);
    }
    add(directory, copy);
  }
}
