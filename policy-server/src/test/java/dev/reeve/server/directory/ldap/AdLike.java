package dev.reeve.server.directory.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedAddRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedDeleteRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedModifyRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchEntry;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ModifyRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import dev.reeve.schema.ms.MsGuid;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A server in memory with those manners of an Active Directory domain controller that Samba cannot
/// show: limits of 1500 values and 1000 entries per answer, another controller with numbers of its
/// own, a restored one.
final class AdLike implements AutoCloseable {

  static final String BASE = "DC=corp,DC=example";
  static final String ADMIN = "cn=admin," + BASE;
  static final String PASSWORD = "only-for-this-test";
  static final int VALUES = 1500;
  static final int ENTRIES = 1000;

  private static final Pattern RANGE = Pattern.compile("(?i)member;range=([0-9]+)-\\*");

  private final String settings;
  private final InMemoryDirectoryServer server;
  private final LDAPConnection connection; // what goes past it has no manners
  private final AtomicLong usn = new AtomicLong(100_000); // all of six digits: compared as text
  private final AtomicInteger ranges = new AtomicInteger();
  private volatile String invocationId = "first life";
  private volatile boolean quiet;

  private AdLike(String controller, @Nullable SSLSocketFactory tls) throws LDAPException {
    this.settings = "CN=NTDS Settings,CN=" + controller + ",CN=Configuration," + BASE;
    var config = new InMemoryDirectoryServerConfig(BASE, "CN=Configuration," + BASE);
    config.setSchema(null);
    config.addAdditionalBindCredentials(ADMIN, PASSWORD);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig("ldap", InetAddress.getLoopbackAddress(), 0, tls));
    config.addInMemoryOperationInterceptor(new Manners());
    this.server = new InMemoryDirectoryServer(config);
    server.startListening();
    this.connection = new LDAPConnection("127.0.0.1", server.getListenPort(), ADMIN, PASSWORD);
  }

  /// @param controller its name: a number of its own for every write
  static AdLike start(String controller) throws LDAPException {
    return start(controller, null);
  }

  /// @param tls for StartTLS
  static AdLike start(String controller, @Nullable SSLSocketFactory tls) throws LDAPException {
    var ad = new AdLike(controller, tls);
    ad.add(BASE, "domainDNS");
    ad.add("CN=System," + BASE, "container");
    ad.add("CN=Policies,CN=System," + BASE, "container");
    ad.add("CN=Configuration," + BASE, "container");
    ad.add("CN=Sites,CN=Configuration," + BASE, "container");
    ad.add("CN=" + controller + ",CN=Configuration," + BASE, "container");
    ad.add(ad.settings, "container");
    return ad;
  }

  void add(String dn, String objectClass, String... members) throws LDAPException {
    var entry = new Entry(dn, new Attribute("objectClass", "top", objectClass));
    if (members.length > 0) entry.addAttribute("member", members);
    connection.add(entry);
  }

  /// As replication might bring it: no write number of this controller tells of it.
  void addUnseen(String dn, String objectClass, String... members) throws LDAPException {
    quiet = true;
    try {
      add(dn, objectClass, members);
    } finally {
      quiet = false;
    }
    usn.incrementAndGet(); // something was written
  }

  void addMember(String dn, String member) throws LDAPException {
    connection.modify(dn, new Modification(ModificationType.ADD, "member", member));
  }

  void delete(String dn) throws LDAPException {
    connection.delete(dn);
  }

  /// Back from a backup: it has forgotten its last writes, and goes on as another.
  void restored(long writesForgotten, String life) {
    usn.addAndGet(-writesForgotten);
    invocationId = life;
  }

  /// How many further parts of an attribute were asked for.
  int rangesAsked() {
    return ranges.get();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getListenPort());
  }

  @Override
  public void close() {
    connection.close();
    server.shutDown(true);
  }

  private final class Manners extends InMemoryOperationInterceptor {

    private String next() {
      return Long.toString(quiet ? 100_000 : usn.incrementAndGet());
    }

    @Override
    public void processAddRequest(InMemoryInterceptedAddRequest request) {
      var add = request.getRequest().duplicate();
      UUID id = UUID.nameUUIDFromBytes(add.getDN().getBytes(UTF_8)); // the same on every controller
      add.addAttribute(
          "objectGUID",
          ByteBuffer.allocate(16)
              .putLong(id.getMostSignificantBits())
              .putLong(id.getLeastSignificantBits())
              .array());
      add.addAttribute("uSNChanged", next());
      request.setRequest(add);
    }

    @Override
    public void processModifyRequest(InMemoryInterceptedModifyRequest request) {
      var all = new ArrayList<>(request.getRequest().getModifications());
      all.add(new Modification(ModificationType.REPLACE, "uSNChanged", next()));
      request.setRequest(new ModifyRequest(request.getRequest().getDN(), all));
    }

    @Override
    public void processDeleteRequest(InMemoryInterceptedDeleteRequest request) {
      usn.incrementAndGet();
    }

    @Override
    public void processSearchRequest(InMemoryInterceptedSearchRequest request)
        throws LDAPException {
      var search = request.getRequest().duplicate();
      List<String> asked = new ArrayList<>(Arrays.asList(search.getAttributes()));
      for (String name : List.copyOf(asked))
        if (RANGE.matcher(name).matches()) {
          ranges.incrementAndGet();
          asked.add("member");
        }
      boolean all = search.getScope() == SearchScope.SUB;
      if (all && search.getControl(SimplePagedResultsControl.PAGED_RESULTS_OID) == null)
        throw new LDAPException(ResultCode.SIZE_LIMIT_EXCEEDED, "more than MaxPageSize");
      var paged =
          (SimplePagedResultsControl)
              search.getControl(SimplePagedResultsControl.PAGED_RESULTS_OID);
      if (paged != null && paged.getSize() > ENTRIES)
        throw new LDAPException(ResultCode.SIZE_LIMIT_EXCEEDED, "more than MaxPageSize");
      String base = search.getBaseDN();
      if (base.startsWith("<GUID=")) base = named(base.substring(6, base.length() - 1));
      var plain =
          new SearchRequest(
              base, search.getScope(), search.getFilter(), asked.toArray(String[]::new));
      if (paged != null) plain.addControl(paged);
      request.setRequest(plain);
    }

    private String named(String guid) throws LDAPException {
      var holders = Filter.createPresenceFilter("objectGUID");
      for (Entry entry : server.search(BASE, SearchScope.SUB, holders).getSearchEntries())
        if (guid.equals(MsGuid.parse(entry.getAttributeValueBytes("objectGUID"))))
          return entry.getDN();
      throw new LDAPException(ResultCode.NO_SUCH_OBJECT, guid);
    }

    @Override
    public void processSearchEntry(InMemoryInterceptedSearchEntry found) {
      Entry entry = found.getSearchEntry().duplicate();
      if (entry.getDN().isEmpty()) {
        entry.setAttribute("highestCommittedUSN", Long.toString(usn.get()));
        entry.setAttribute("dsServiceName", settings);
        entry.setAttribute("configurationNamingContext", "CN=Configuration," + BASE);
      }
      if (entry.getDN().equals(settings)) entry.setAttribute("invocationId", invocationId);
      String[] members = entry.getAttributeValues("member");
      if (members != null) cut(found, entry, members);
      found.setSearchEntry(new SearchResultEntry(entry, found.getSearchEntry().getControls()));
    }

    private void cut(InMemoryInterceptedSearchEntry found, Entry entry, String[] members) {
      int from = 0;
      boolean asked = false;
      for (String name : found.getRequest().getAttributeList()) {
        Matcher range = RANGE.matcher(name);
        if (range.matches()) {
          asked = true;
          from = Integer.parseInt(range.group(1));
        }
      }
      if (!asked && members.length <= VALUES) return;
      int to = Math.min(from + VALUES, members.length);
      entry.removeAttribute("member");
      if (from >= to) return;
      String end = to == members.length ? "*" : Integer.toString(to - 1);
      entry.setAttribute("member;range=" + from + "-" + end, Arrays.copyOfRange(members, from, to));
    }
  }
}
