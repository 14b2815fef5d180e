package dev.reeve.schema.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AddressSpec.Any;
import dev.reeve.model.ipsec.AddressSpec.Me;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Block;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.FilterAction.Permit;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.schema.write.IpsecObjectWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// The modern policies of the sample domain. `corp.ldif` is the truth; this is what a test expects
/// to read from it, and [#main] prints the entries for whoever changes one.
final class CorpPolicies {

  static final Dn CONTAINER = Dn.parse("CN=Reeve,CN=System,DC=corp,DC=example");

  private static final FilterAction PERMIT = new Permit("Permit");
  private static final FilterAction BLOCK = new Block("Block");

  private CorpPolicies() {}

  static List<IpsecPolicy> all() {
    return List.of(
        policy(
            "Corp Baseline",
            "What every host of the company has unless a nearer GPO says otherwise.",
            rule("Block telnet", list("Telnet", in("any", 23)), BLOCK),
            rule("Permit ICMP", icmp(), PERMIT)),
        policy(
            "Web Servers",
            "Web traffic is open to all, the administration port to the database server only.",
            rule("Permit web", list("HTTP and HTTPS", in("any", 80), in("any", 443)), PERMIT),
            rule("Permit administration", list("Administration", in("10.77.10.12", 8080)), PERMIT),
            rule("Block administration", list("Administration by others", in("any", 8080)), BLOCK),
            rule("Block telnet", list("Telnet", in("any", 23)), BLOCK),
            rule("Permit ICMP", icmp(), PERMIT)),
        policy(
            "Database Servers",
            "PostgreSQL answers the web server and nobody else.",
            rule(
                "Permit the web server",
                list("PostgreSQL from web-01", in("10.77.10.11", 5432)),
                PERMIT),
            rule("Block PostgreSQL", list("PostgreSQL", in("any", 5432)), BLOCK),
            rule("Block telnet", list("Telnet", in("any", 23)), BLOCK),
            rule("Permit ICMP", icmp(), PERMIT)),
        policy(
            "Workstations",
            "Nothing of the usual services is offered to other hosts; administrators come by SSH.",
            rule(
                "Permit administrators",
                list("SSH from the server network", in("10.77.10.0/24", 22)),
                PERMIT),
            rule(
                "Block services",
                list("SSH and file sharing", in("any", 22), in("any", 139), in("any", 445)),
                BLOCK),
            rule("Block telnet", list("Telnet", in("any", 23)), BLOCK),
            rule("Permit ICMP", icmp(), PERMIT)),
        policy(
            "Web Lockdown",
            "Web Servers, and the application port 8000 closed.",
            rule("Block the application port", list("Application", in("any", 8000)), BLOCK),
            rule("Permit web", list("HTTP and HTTPS", in("any", 80), in("any", 443)), PERMIT),
            rule("Permit administration", list("Administration", in("10.77.10.12", 8080)), PERMIT),
            rule("Block administration", list("Administration by others", in("any", 8080)), BLOCK),
            rule("Block telnet", list("Telnet", in("any", 23)), BLOCK),
            rule("Permit ICMP", icmp(), PERMIT)),
        policy(
            "Client (Respond Only), modern",
            "Starts nothing; answers peers that negotiate.",
            defaultResponse()),
        policy(
            "Server (Request Security), modern",
            "Secured where the peer can, clear where it cannot.",
            rule("Request security", allTraffic(), negotiate("Request", true, true)),
            rule("Permit ICMP", icmp(), PERMIT),
            defaultResponse()),
        policy(
            "Secure Server (Require Security), modern",
            "No clear packet either way, ICMP excepted.",
            rule("Require security", allTraffic(), negotiate("Require", false, false)),
            rule("Permit ICMP", icmp(), PERMIT),
            defaultResponse()));
  }

  private interface Draft {
    IpsecRule in(String policy);
  }

  private static IpsecPolicy policy(String name, String description, Draft... drafts) {
    var rules = new ArrayList<IpsecRule>();
    for (Draft draft : drafts) rules.add(draft.in(name));
    rules.sort(Comparator.comparing(IpsecRule::id));
    return new IpsecPolicy(
        id(name), name, description, IpsecPolicy.DEFAULT_POLLING_INTERVAL, MainMode.DEFAULT, rules);
  }

  private static Draft rule(String name, FilterList list, FilterAction action) {
    return policy ->
        new IpsecRule(
            id(policy + "/" + name),
            name,
            "",
            true,
            Optional.of(
                new FilterList(
                    id(policy + "/" + name + "/filters"), list.name(), "", list.filters())),
            action,
            action instanceof Negotiate ? List.of(AuthMethod.Kerberos.KERBEROS) : List.of(),
            Optional.empty(),
            NetworkType.ALL);
  }

  private static Draft defaultResponse() {
    return policy ->
        new IpsecRule(
            id(policy + "/default response"),
            "Default response",
            "",
            true,
            Optional.empty(),
            negotiate("Default response", false, false),
            List.of(AuthMethod.Kerberos.KERBEROS),
            Optional.empty(),
            NetworkType.ALL);
  }

  private static FilterList list(String name, Filter... filters) {
    return new FilterList("", name, "", List.of(filters));
  }

  private static Filter in(String from, int port) {
    return new Filter(
        AddressSpec.parse(from),
        Me.ME,
        IpProtocol.TCP,
        PortRange.ANY,
        PortRange.of(port),
        true,
        "");
  }

  private static FilterList icmp() {
    return list("All ICMP Traffic", all(IpProtocol.ICMP), all(IpProtocol.ICMPV6));
  }

  private static FilterList allTraffic() {
    return list("All IP Traffic", all(IpProtocol.ANY));
  }

  private static Filter all(IpProtocol protocol) {
    return new Filter(Me.ME, Any.ANY, protocol, PortRange.ANY, PortRange.ANY, true, "");
  }

  private static FilterAction negotiate(String name, boolean passThrough, boolean fallback) {
    return new Negotiate(
        name,
        List.of(offer(Encryption.AES256_GCM), offer(Encryption.AES128_GCM)),
        passThrough,
        fallback);
  }

  private static QuickModeOffer offer(Encryption encryption) {
    return new QuickModeOffer(
        Optional.of(new Esp(encryption, Integrity.NONE)),
        Optional.empty(),
        Duration.ofHours(1),
        QuickModeOffer.DEFAULT_KILOBYTES,
        PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP);
  }

  private static String id(String name) {
    UUID id = UUID.nameUUIDFromBytes(("corp.example/" + name).getBytes(UTF_8));
    return "{" + id.toString().toUpperCase(Locale.ROOT) + "}";
  }

  public static void main(String[] unused) {
    for (IpsecPolicy policy : all()) {
      for (var entry : IpsecObjectWriter.write(policy, CONTAINER))
        System.out.println(entry.toEntry().toLDIFString(0));
    }
  }
}
