package dev.reeve.server.directory.ldap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/// DNS SRV records (RFC 2782) of a domain's directory servers, lowest priority number first; equal
/// ones by falling weight, so that every server of ours agrees on the first.
///
/// @param dns `dns:` for the machine's own resolvers, or `dns://HOST:PORT`
record SrvRecords(String dns) {

  static final SrvRecords OF_THIS_MACHINE = new SrvRecords("dns:");

  private static final int LDAPS = 636;

  private record Srv(int priority, int weight, int port, String host) {}

  /// @throws FeedException when DNS has none
  @SuppressWarnings("BanJNDI") // a DNS record is read; nothing is deserialized
  List<LdapAddress> of(LdapAddress domain) throws FeedException {
    String name = "_ldap._tcp." + domain.host();
    try {
      var settings = new Properties();
      settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
      settings.put(Context.PROVIDER_URL, dns);
      settings.put("com.sun.jndi.dns.timeout.initial", "2000");
      settings.put("com.sun.jndi.dns.timeout.retries", "2");
      var context = new InitialDirContext(settings);
      try {
        Attribute found = context.getAttributes(name, new String[] {"SRV"}).get("SRV");
        if (found == null) throw none(name, "no such record");
        List<LdapAddress> servers = addresses(found.getAll(), domain.tls());
        if (servers.isEmpty()) throw none(name, "it says that there is none");
        return servers;
      } finally {
        context.close();
      }
    } catch (NamingException | IllegalArgumentException e) {
      throw none(name, String.valueOf(e.getMessage()));
    }
  }

  private static FeedException none(String name, String why) {
    return new FeedException(
        FeedException.Kind.DOWN, "DNS names no directory server at " + name + ": " + why);
  }

  /// Active Directory registers the plain port alone; its TLS port is 636. A dot alone means that
  /// there is no such service.
  private static List<LdapAddress> addresses(NamingEnumeration<?> records, boolean tls)
      throws NamingException {
    var found = new ArrayList<Srv>();
    while (records.hasMore()) found.add(parse(String.valueOf(records.next())));
    found.sort(
        Comparator.comparingInt(Srv::priority)
            .thenComparing(Comparator.comparingInt(Srv::weight).reversed())
            .thenComparing(Srv::host));
    return found.stream()
        .filter(srv -> !srv.host().isEmpty())
        .map(srv -> new LdapAddress(tls, false, srv.host(), tls ? LDAPS : srv.port()))
        .toList();
  }

  private static Srv parse(String record) {
    String[] part = record.split(" ", -1);
    if (part.length != 4) throw new IllegalArgumentException("SRV record '" + record + "'");
    return new Srv(
        Integer.parseInt(part[0]),
        Integer.parseInt(part[1]),
        Integer.parseInt(part[2]),
        part[3].replaceFirst("\\.$", ""));
  }
}
