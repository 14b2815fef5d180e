package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.gp.Subnet;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.util.Optional;

/// Subnet objects, whose name is the prefix (MS-ADTS 6.1.1.2.2.2.1).
final class SubnetReader {

  private final Problems problems;

  SubnetReader(Problems problems) {
    this.problems = problems;
  }

  Optional<Subnet> read(LdapEntry entry) {
    boolean bare =
        entry.isBare()
            && entry
                .dn()
                .parent()
                .filter(p -> p.key().startsWith("cn=subnets,cn=sites,"))
                .isPresent();
    if (!bare && !entry.isA(LdapClass.SUBNET)) return Optional.empty();
    try {
      return Optional.of(new Subnet(entry.dn(), prefix(entry.dn().name()), site(entry)));
    } catch (IllegalArgumentException e) {
      problems.add(entry, LdapAttribute.CN, Code.SUBNET_MALFORMED, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Dn> site(LdapEntry entry) {
    Optional<String> text = entry.text(LdapAttribute.SITE_OBJECT);
    Optional<Dn> site = text.flatMap(Dn::find);
    if (site.isEmpty()) {
      problems.add(
          entry,
          LdapAttribute.SITE_OBJECT,
          Code.SUBNET_WITHOUT_SITE,
          text.map(t -> "value '" + t + "' is no DN").orElse("is missing")
              + ": hosts in it are in no site");
    }
    return site;
  }

  /// @throws IllegalArgumentException naming what the rules of Active Directory refuse
  private static IpPrefix prefix(String name) {
    int slash = name.indexOf('/');
    if (slash < 0 || name.indexOf('/', slash + 1) >= 0)
      throw new IllegalArgumentException("'" + name + "' is no subnet, expected ADDRESS/LENGTH");
    IpPrefix prefix = IpPrefix.parse(name);
    String address = name.substring(0, slash);
    if (prefix.length() == 0)
      throw new IllegalArgumentException("'" + name + "' has length 0, expected 1 or more");
    if (!prefix.network().toString().equalsIgnoreCase(address)) {
      throw new IllegalArgumentException(
          "'" + name + "' is not in its shortest form, expected " + prefix.network());
    }
    if (prefix.family() == IpFamily.IPV4
        && prefix.network().equals(IpAddress.v4(-1 << 32 - prefix.length()))) {
      throw new IllegalArgumentException("'" + name + "' is its own mask");
    }
    return prefix;
  }
}
