package dev.reeve.schema.rsop;

import static dev.reeve.schema.rsop.RandomDomain.DOMAIN;
import static dev.reeve.schema.rsop.RandomDomain.group;
import static dev.reeve.schema.rsop.RandomDomain.sid;
import static dev.reeve.schema.rsop.RandomDomain.site;
import static dev.reeve.schema.rsop.RandomDomain.trustee;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.ipsec.ReeveIpsecData;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.schema.rsop.RandomDomain.RawGpo;
import dev.reeve.schema.rsop.RandomDomain.RawQuery;
import dev.reeve.schema.rsop.RandomDomain.RawSom;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A [RandomDomain] as a directory holds it: entries with gPLink and gPOptions, pointers of both
/// kinds, extension lists, access lists, `msWMI-Som`, subnets.
///
/// Every GPO that assigns a policy assigns the same one, of the sample domain.
final class RandomEntries {

  private static final Dn POLICIES = Dn.parse("CN=Reeve,CN=System," + DOMAIN);
  private static final Dn WHOLE =
      POLICIES.child("CN", "ipsecPolicy{B599014E-03F5-3C7B-B540-C4C6110BBEA2}");
  private static final Dn BROKEN = POLICIES.child("CN", "ipsecPolicy{BROKEN}");
  private static final Dn DANGLING = POLICIES.child("CN", "ipsecPolicy{GONE}");
  private static final List<LdapEntry> SAMPLE = sample();

  private static final String REGISTRY = "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{TOOL}]";
  private static final String IPSEC = "[{E437BC1C-AA7D-11D2-A382-00C04F991E27}{TOOL}]";

  private final RandomDomain domain;
  private final Random order;
  private final UnaryOperator<String> rewrite;
  private final Random forms = new Random(1); // of two forms of the same, which one
  private final List<LdapEntry> entries = new ArrayList<>(SAMPLE);

  private RandomEntries(RandomDomain domain, Random order, UnaryOperator<String> rewrite) {
    this.domain = domain;
    this.order = order;
    this.rewrite = rewrite;
  }

  /// @param order shuffles entries and values
  /// @param rewrite changes how DNs are written
  static List<LdapEntry> of(RandomDomain domain, Random order, UnaryOperator<String> rewrite) {
    return new RandomEntries(domain, order, rewrite).make();
  }

  private List<LdapEntry> make() {
    domain.others().forEach(this::addOther);
    domain.soms().forEach(this::addSom);
    domain.gpos().forEach(this::addGpo);
    domain.groups().keySet().forEach(this::addGroup);
    domain.computers().forEach(this::addComputer);
    domain.filters().forEach(this::addFilter);
    domain.subnets().forEach(subnet -> addSubnet(subnet.prefix(), subnet.site()));
    entries.add(entry(BROKEN.toString(), LdapClass.IPSEC_POLICY).build());
    Collections.shuffle(entries, order);
    return entries;
  }

  private static List<LdapEntry> sample() {
    try (InputStream in =
        Objects.requireNonNull(RandomEntries.class.getResourceAsStream("/samples/corp.ldif"))) {
      return LdifFile.parse(in.readAllBytes()).entries().stream()
          .filter(entry -> entry.dn().isUnder(POLICIES))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LdapEntry.Builder entry(String dn, LdapClass kind) {
    return LdapEntry.named(Dn.parse(rewrite.apply(dn))).addClasses(LdapClass.TOP, kind);
  }

  /// Only the name is shown.
  private void addBare(String dn) {
    entries.add(LdapEntry.named(Dn.parse(rewrite.apply(dn))).build());
  }

  private void addOther(String dn, boolean shown) {
    if (domain.soms().containsKey(dn)) return;
    if (shown) entries.add(entry(dn, LdapClass.CONTAINER).build());
    else addBare(dn);
  }

  private void addSom(String dn, RawSom som) {
    var entry = entry(dn, dn.contains(",CN=Sites,") ? LdapClass.SITE : LdapClass.REEVE_SOM);
    var elements = new ArrayList<String>();
    for (String link : som.gpLink()) {
      String[] parts = link.split(";");
      elements.add("[LDAP://" + rewrite.apply(gpo(parts[0])) + ";" + parts[1] + "]");
    }
    if (!som.complete()) elements.add(forms.nextInt(elements.size() + 1), "[LDAP://nonsense]");
    if (!elements.isEmpty() || forms.nextBoolean())
      entry.add(LdapAttribute.GP_LINK, String.join(forms.nextBoolean() ? "" : " ", elements));
    if (som.gpOptions() != 0 || forms.nextBoolean())
      entry.add(LdapAttribute.GP_OPTIONS, som.gpOptions() + "");
    entries.add(entry.build());
  }

  private static String gpo(String name) {
    return "CN={" + name + "},CN=Policies,CN=System," + DOMAIN;
  }

  private void addGpo(String name, RawGpo raw) {
    if (raw.state().equals("missing")) return;
    if (raw.state().equals("unreadable")) {
      addBare(gpo(name));
      return;
    }
    var gpo =
        entry(gpo(name), LdapClass.GROUP_POLICY_CONTAINER)
            .add(LdapAttribute.DISPLAY_NAME, name)
            .add(LdapAttribute.FLAGS, raw.flags() + "")
            .add(LdapAttribute.VERSION_NUMBER, raw.version() + "")
            .add(LdapAttribute.GPC_FUNCTIONALITY_VERSION, raw.functionality() + "");
    shuffled(raw.apply())
        .forEach(g -> gpo.add(LdapAttribute.REEVE_APPLY_GROUP, rewrite.apply(trustee(g))));
    shuffled(raw.deny())
        .forEach(g -> gpo.add(LdapAttribute.REEVE_DENY_GROUP, rewrite.apply(trustee(g))));
    raw.acl().ifPresent(acl -> gpo.add(LdapAttribute.NT_SECURITY_DESCRIPTOR, descriptor(acl)));
    raw.filter()
        .ifPresent(filter ->
            gpo.add(
                LdapAttribute.GPC_WQL_FILTER,
                "[corp.example;" + RandomDomain.filterId(filter) + ";0]"));
    addPointers(name, raw, gpo);
    entries.add(gpo.build());
  }

  /// Ours says what is assigned, or Microsoft's where the extension is listed, in its place. One
  /// that is not listed, or out of order, assigns nothing.
  private void addPointers(String name, RawGpo raw, LdapEntry.Builder gpo) {
    boolean assigns = !raw.assigns().equals("nothing");
    boolean microsofts = forms.nextBoolean();
    String below = ",CN=Machine," + gpo(name);
    if (microsofts) {
      entries.add(
          pointer("CN=IPSEC,CN=Windows,CN=Microsoft" + below, assigns ? raw.assigns() : "itself"));
      if (assigns) gpo.add(LdapAttribute.GPC_MACHINE_EXTENSION_NAMES, REGISTRY + IPSEC);
      else if (forms.nextBoolean())
        gpo.add(
            LdapAttribute.GPC_MACHINE_EXTENSION_NAMES,
            "[{FFFFFFFF-683F-11D2-A89A-00C04FBBCFA2}{TOOL}]" + IPSEC);
    }
    if (!microsofts || !raw.settings().isEmpty())
      entries.add(
          ours(
              "CN=IPSEC,CN=Reeve" + below, microsofts ? "nothing" : raw.assigns(), raw.settings()));
    if (!raw.persistent().equals("nothing") || forms.nextBoolean())
      entries.add(pointer("CN=PERSISTENT,CN=Reeve" + below, raw.persistent()));
  }

  private LdapEntry pointer(String dn, String assigns) {
    return ours(dn, assigns, Map.of());
  }

  private LdapEntry ours(String dn, String assigns, Map<String, String> settings) {
    var entry = entry(dn, LdapClass.IPSEC_POLICY);
    List<Dn> targets =
        switch (assigns) {
          case "nothing" -> List.of();
          case "itself" -> List.of(WHOLE);
          case "broken" -> List.of(BROKEN);
          case "dangling" -> List.of(DANGLING);
          default -> List.of(WHOLE, BROKEN); // of two, nobody knows which
        };
    for (Dn target : targets)
      entry.add(LdapAttribute.IPSEC_OWNERS_REFERENCE, rewrite.apply(target.toString()));
    if (!settings.isEmpty())
      entry
          .add(LdapAttribute.IPSEC_DATA_TYPE, ReeveIpsecData.DATA_TYPE + "")
          .add(
              LdapAttribute.IPSEC_DATA,
              settings.entrySet().stream()
                  .map(setting -> ",\"" + setting.getKey() + "\":" + setting.getValue())
                  .collect(Collectors.joining("", "{\"v\":1", "}")));
    return entry.build();
  }

  /// Self-relative, with nothing but a DACL: one plain entry for each, with the rights to read
  /// properties and of control access that it names.
  private static byte[] descriptor(List<String> acl) {
    var bytes = ByteBuffer.allocate(1_000).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 1).put((byte) 0).putShort((short) 0x8004);
    bytes.putInt(0).putInt(0).putInt(0).putInt(20);
    bytes.putShort((short) 4).putShort((short) 0).putShort((short) acl.size()).putShort((short) 0);
    for (String ace : acl) {
      int start = bytes.position();
      String[] words = ace.split(" ");
      int rights = (words[1].contains("R") ? 0x10 : 0) | (words[1].contains("A") ? 0x100 : 0);
      bytes.putInt(words[0].equals("+") ? 0 : 1).putInt(rights);
      String[] parts = words[2].split("-");
      bytes.put((byte) 1).put((byte) (parts.length - 3)).put(new byte[5]);
      bytes.put(Byte.parseByte(parts[2]));
      for (int i = 3; i < parts.length; i++) bytes.putInt(Integer.parseInt(parts[i]));
      bytes.putShort(start + 2, (short) (bytes.position() - start));
    }
    bytes.putShort(22, (short) (bytes.position() - 20));
    byte[] written = new byte[bytes.position()];
    bytes.get(0, written);
    return written;
  }

  private void addGroup(String name) {
    var entry =
        entry(group(name), forms.nextBoolean() ? LdapClass.GROUP : LdapClass.GROUP_OF_NAMES)
            .add(LdapAttribute.OBJECT_SID, sid(name));
    shuffled(domain.groups().getOrDefault(name, Set.of()))
        .forEach(member -> entry.add(LdapAttribute.MEMBER, rewrite.apply(member)));
    entries.add(entry.build());
  }

  private void addComputer(String dn) {
    var entry = entry(dn, LdapClass.COMPUTER).add(LdapAttribute.OBJECT_SID, sid(dn));
    shuffled(domain.addresses())
        .forEach(address -> entry.add(LdapAttribute.IP_HOST_NUMBER, address));
    String primary = domain.primaryGroups().get(dn);
    if (primary != null) {
      String group = sid(primary);
      entry.add(LdapAttribute.PRIMARY_GROUP_ID, group.substring(group.lastIndexOf('-') + 1));
    }
    entries.add(entry.build());
  }

  private void addFilter(String name, List<RawQuery> queries) {
    String id = RandomDomain.filterId(name);
    var text = new StringBuilder(queries.size() + ";");
    for (RawQuery query : queries) {
      text.append("3;" + query.namespace().length() + ";" + query.text().length() + ";WQL;");
      text.append(query.namespace() + ";" + query.text() + ";");
    }
    entries.add(
        entry("CN=" + id + ",CN=SOM,CN=WMIPolicy,CN=System," + DOMAIN, LdapClass.MS_WMI_SOM)
            .add(LdapAttribute.MS_WMI_NAME, name)
            .add(LdapAttribute.MS_WMI_PARM2, text.toString())
            .build());
  }

  private void addSubnet(String prefix, String to) {
    var entry =
        entry("CN=" + prefix + ",CN=Subnets,CN=Sites,CN=Configuration," + DOMAIN, LdapClass.SUBNET);
    if (!to.isEmpty()) entry.add(LdapAttribute.SITE_OBJECT, rewrite.apply(site(to)));
    entries.add(entry.build());
  }

  private <T> List<T> shuffled(Iterable<T> items) {
    var list = new ArrayList<T>();
    items.forEach(list::add);
    Collections.shuffle(list, order);
    return list;
  }
}
