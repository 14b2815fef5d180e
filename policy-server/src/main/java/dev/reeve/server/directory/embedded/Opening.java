package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryRequestHandler;
import com.unboundid.ldap.protocol.AddRequestProtocolOp;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ReadOnlyEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.ManageDsaITRequestControl;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedRequest;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.ldap.sdk.unboundidds.controls.IgnoreNoUserModificationRequestControl;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.StateUnavailable;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.UnusableInput;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/// From configuration and files to a filled tree.
final class Opening {
  private Opening() {}

  private static final List<String> INDEXED =
      List.of("objectClass", "cn", "entryUUID", "member", "uid", "sAMAccountName");
  private static final List<Control> AS_STORED =
      List.of(new IgnoreNoUserModificationRequestControl(), new ManageDsaITRequestControl(false));

  record Opened(DurableTree tree, AccessControl access, Accounts accounts, int entries) {}

  static Opened open(EmbeddedDirectoryConfig config, Journal.Sinks sinks, SecureRandom random)
      throws EmbeddedDirectoryException {
    var schema = schema(config.schema());
    var state = config.stateDirectory();
    try {
      var bases = new ArrayList<DN>();
      bases.add(new DN(config.baseDn(), schema));
      for (String further : config.furtherBases()) bases.add(new DN(further, schema));
      var encoder = new Pbkdf2PasswordEncoder(random, Pbkdf2PasswordEncoder.ITERATIONS);
      var memory = memory(bases, schema, encoder, config.tls().isPresent());
      var access = new AccessControl(bases, dns(config.administrators(), schema), schema);
      var password = AdminPassword.open(state, random);
      var store = new Store(state, schema, config.rotateAfterBytes(), sinks);
      fill(memory, store, config, schema);
      int entries = memory.countEntries(false);
      SizeWarning.between(0, entries).ifPresent(LoggerFactory.getLogger("directory")::warn);
      return new Opened(
          new DurableTree(memory, store),
          access,
          new Accounts(memory, access, password, encoder, bases, schema),
          entries);
    } catch (IOException e) {
      throw new StateUnavailable(state, e);
    } catch (LDAPException e) {
      throw new UnusableInput("cannot build the directory: " + e.getMessage(), e);
    }
  }

  private static void fill(
      InMemoryRequestHandler memory, Store store, EmbeddedDirectoryConfig config, Schema schema)
      throws EmbeddedDirectoryException, IOException, LDAPException {
    var recovered = store.recover();
    if (recovered.isPresent()) {
      load(memory, recovered.get().values(), "the store");
    } else {
      load(memory, initialContent(config, schema).values(), "the initial content");
      store.begin(memory.search("", SearchScope.SUB, Filter.createPresenceFilter("objectClass")));
    }
  }

  private static NavigableMap<DN, Entry> initialContent(
      EmbeddedDirectoryConfig config, Schema schema) throws UnusableInput {
    if (config.initialContent().isEmpty()) return new TreeMap<>();
    try (var ldif = config.initialContent().get().open()) {
      return SnapshotFile.parse(ldif, schema);
    } catch (IOException | LDIFException | LDAPException e) {
      throw new UnusableInput("the initial content: " + e.getMessage(), e);
    }
  }

  private static void load(
      InMemoryRequestHandler memory, Collection<Entry> parentsFirst, String source)
      throws UnusableInput {
    for (var entry : parentsFirst) {
      var request = new AddRequestProtocolOp(entry.getDN(), new ArrayList<>(entry.getAttributes()));
      var answer = memory.processAddRequest(1, request, AS_STORED).getAddResponseProtocolOp();
      if (answer.getResultCode() != 0) {
        throw new UnusableInput(
            "%s: entry %s is refused: %s"
                .formatted(source, entry.getDN(), answer.getDiagnosticMessage()),
            null);
      }
    }
  }

  private static InMemoryRequestHandler memory(
      List<DN> bases, Schema schema, Pbkdf2PasswordEncoder encoder, boolean tls)
      throws LDAPException {
    var config = new InMemoryDirectoryServerConfig(bases.toArray(DN[]::new));
    config.setSchema(schema);
    config.setEqualityIndexAttributes(
        INDEXED.stream().filter(a -> schema.getAttributeType(a) != null).toList());
    config.setPasswordAttributes(AccessControl.PASSWORD);
    config.setPasswordEncoders(encoder);
    config.setRootDSEEntry(rootDse(bases, tls));
    var memory = new InMemoryRequestHandler(config);
    memory.setAuthenticatedDN(new DN(new RDN("cn", "policy-server", schema), bases.getFirst()));
    return memory;
  }

  private static Entry rootDse(List<DN> bases, boolean tls) {
    DN base = bases.getFirst();
    var controls = new TreeSet<String>();
    Stream.of(RequestControls.READ, RequestControls.WRITE).forEach(controls::addAll);
    return new ReadOnlyEntry(
        DN.NULL_DN,
        new Attribute("objectClass", "top"),
        new Attribute("vendorName", "Reeve"),
        new Attribute("supportedLDAPVersion", "3"),
        new Attribute("namingContexts", bases.stream().map(DN::toString).toList()),
        new Attribute("defaultNamingContext", base.toString()),
        new Attribute("configurationNamingContext", "CN=Configuration," + base),
        new Attribute("subschemaSubentry", "cn=schema"),
        new Attribute("supportedControl", controls),
        new Attribute(
            "supportedExtension",
            Stream.concat(
                    Stream.of(WhoAmIExtendedRequest.WHO_AM_I_REQUEST_OID),
                    tls ? Stream.of(StartTLSExtendedRequest.STARTTLS_REQUEST_OID) : Stream.of())
                .toList()));
  }

  private static Schema schema(EmbeddedDirectoryConfig.Source source) throws UnusableInput {
    try (var ldif = source.open();
        var reader = new LDIFReader(ldif)) {
      var entry = reader.readEntry();
      if (entry == null || reader.readEntry() != null) {
        throw new UnusableInput("the schema file does not hold one entry", null);
      }
      // Unlike Schema.getSchema, this does not pass over a definition that it cannot read.
      var own = Schema.parseSchemaEntry(entry);
      var merged = Schema.mergeSchemas(Schema.getDefaultStandardSchema(), own);
      if (merged == null) throw new IllegalStateException("two schemas merge into none");
      return merged;
    } catch (IOException | LDIFException | LDAPException e) {
      throw new UnusableInput("the schema file: " + e.getMessage(), e);
    }
  }

  private static Set<DN> dns(Set<String> texts, Schema schema) throws LDAPException {
    var dns = new HashSet<DN>();
    for (var text : texts) dns.add(new DN(text, schema));
    return dns;
  }
}
