package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.listener.LDAPListener;
import com.unboundid.ldap.listener.LDAPListenerConfig;
import com.unboundid.ldap.listener.LDAPListenerRequestHandler;
import com.unboundid.ldap.protocol.AddRequestProtocolOp;
import com.unboundid.ldap.protocol.DeleteRequestProtocolOp;
import com.unboundid.ldap.protocol.GenericResponseProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.ModifyDNRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyRequestProtocolOp;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldif.LDIFAddChangeRecord;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import com.unboundid.ldif.LDIFModifyChangeRecord;
import com.unboundid.ldif.LDIFModifyDNChangeRecord;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.AddressUnavailable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A directory inside the server: LDAP on a listener of its own, durable, with access control. No
/// write is answered before it is on the disk. Made for small sites; all of it is in memory.
///
/// Thread-safe. Listeners run inside the write that they are told of: they must be quick and must
/// not write.
public final class EmbeddedDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("directory");
  private static final int MAX_CONNECTIONS = 256;
  private static final int IN_PROCESS = 0;

  private final StateLock stateLock;
  private final DurableTree tree;
  private final AccessControl access;
  private final Accounts accounts;
  private final List<LDAPListener> listeners;

  private EmbeddedDirectory(
      StateLock stateLock, Opening.Opened opened, List<LDAPListener> listeners) {
    this.stateLock = stateLock;
    this.tree = opened.tree();
    this.access = opened.access();
    this.accounts = opened.accounts();
    this.listeners = listeners;
  }

  /// Recovers what was acknowledged, loads the first content when there is nothing, and listens.
  public static EmbeddedDirectory open(EmbeddedDirectoryConfig config)
      throws EmbeddedDirectoryException {
    return open(config, Journal::fileSink, new SecureRandom());
  }

  static EmbeddedDirectory open(
      EmbeddedDirectoryConfig config, Journal.Sinks sinks, SecureRandom random)
      throws EmbeddedDirectoryException {
    var stateLock = StateLock.take(config.stateDirectory());
    Optional<DurableTree> tree = Optional.empty();
    try {
      var opened = Opening.open(config, sinks, random);
      tree = Optional.of(opened.tree());
      var directory = new EmbeddedDirectory(stateLock, opened, listen(config, opened));
      LOG.atInfo()
          .addKeyValue("address", directory.address())
          .addKeyValue("ldaps", directory.tlsAddress().map(Object::toString).orElse("none"))
          .addKeyValue("base", config.baseDn())
          .addKeyValue("entries", opened.entries())
          .addKeyValue("state", config.stateDirectory())
          .log("embedded directory open");
      return directory;
    } catch (EmbeddedDirectoryException | RuntimeException e) {
      tree.ifPresent(EmbeddedDirectory::closeQuietly);
      stateLock.close();
      throw e;
    }
  }

  /// Where LDAP is spoken, with the real port.
  public InetSocketAddress address() {
    return address(listeners.getFirst());
  }

  /// Where LDAPS is spoken, with the real port.
  public Optional<InetSocketAddress> tlsAddress() {
    return listeners.stream().skip(1).map(EmbeddedDirectory::address).findFirst();
  }

  private static InetSocketAddress address(LDAPListener listener) {
    return new InetSocketAddress(listener.getListenAddress(), listener.getListenPort());
  }

  /// Every entry, parents first, operational attributes included, passwords not.
  public List<Entry> readAll() {
    return tree.readAll();
  }

  /// All entries now, and from then on every change to the listener, in the order they were made
  /// and after they are durable; nothing falls between the two. A listener that throws is logged.
  public List<Entry> follow(Consumer<List<Change>> changes) {
    return tree.follow(changes);
  }

  public Optional<Entry> find(String dn) throws LDAPException {
    var parsed = new DN(dn, tree.memory().getSchema());
    return tree.read(() -> Optional.ofNullable(tree.memory().getEntry(parsed)));
  }

  /// Reads as the server itself, without access control.
  ///
  /// @throws LDAPException with noSuchObject when the base does not exist
  public List<Entry> search(String base, SearchScope scope, Filter filter) throws LDAPException {
    var parsed = new DN(base, tree.memory().getSchema());
    return tree.search(parsed, scope, filter);
  }

  /// Writes as the server itself, without access control, as durably as a client's write.
  ///
  /// @throws LDAPException with the code and message that a client would get; nothing was changed,
  ///   unless the code is `other` (then the directory is read-only from here on)
  public void apply(LDIFChangeRecord change) throws LDAPException {
    var memory = tree.memory();
    var controls = RequestControls.asPlainEntries(change.getControls());
    var answer =
        switch (change) {
          case LDIFAddChangeRecord add ->
              tree.add(
                  memory,
                  IN_PROCESS,
                  new AddRequestProtocolOp(add.getDN(), Arrays.asList(add.getAttributes())),
                  controls);
          case LDIFModifyChangeRecord modify ->
              tree.modify(
                  memory,
                  IN_PROCESS,
                  new ModifyRequestProtocolOp(
                      modify.getDN(), Arrays.asList(modify.getModifications())),
                  controls);
          case LDIFDeleteChangeRecord delete ->
              tree.delete(
                  memory, IN_PROCESS, new DeleteRequestProtocolOp(delete.getDN()), controls);
          case LDIFModifyDNChangeRecord rename ->
              tree.modifyDn(
                  memory,
                  IN_PROCESS,
                  new ModifyDNRequestProtocolOp(rename.toModifyDNRequest()),
                  controls);
          default -> throw new IllegalArgumentException("change type " + change.getChangeType());
        };
    refuse(answer);
  }

  /// @param name a DN, a uid or sAMAccountName that one entry has, or `admin` for the built-in
  ///   administrator
  /// @return the DN when the password is that name's
  public Optional<String> authenticate(String name, String password) throws LDAPException {
    var dn = accounts.find(name);
    if (dn.isEmpty()) return Optional.empty();
    return accounts
        .authenticate(dn.get(), password.getBytes(StandardCharsets.UTF_8))
        .map(p -> p.name().toString());
  }

  public boolean isAdministrator(String dn) throws LDAPException {
    return access.principal(new DN(dn, tree.memory().getSchema()))
        instanceof Principal.Administrator;
  }

  /// Why nothing can be written any more; empty while all is well.
  public Optional<String> readOnlyReason() {
    return tree.readOnlyReason();
  }

  /// Ends the connections and, after the write under way, the store.
  @Override
  public void close() {
    listeners.forEach(listener -> listener.shutDown(true));
    closeQuietly(tree);
    stateLock.close();
  }

  /// LDAP first, then LDAPS where it is wanted.
  private static List<LDAPListener> listen(EmbeddedDirectoryConfig config, Opening.Opened opened)
      throws AddressUnavailable {
    Optional<SSLContext> tls = config.tls().map(EmbeddedDirectoryConfig.Tls::context);
    var handler =
        JournallingRequestHandler.template(
            opened.tree(),
            opened.access(),
            opened.accounts(),
            tls.map(SSLContext::getSocketFactory));
    var listeners = new ArrayList<LDAPListener>();
    try {
      var plain = new InetSocketAddress(config.listenAddress(), config.port());
      listeners.add(listen(config, plain, handler, Optional.empty()));
      var ldaps = config.tls().flatMap(EmbeddedDirectoryConfig.Tls::ldaps);
      if (ldaps.isPresent()) listeners.add(listen(config, ldaps.get(), handler, tls));
      return List.copyOf(listeners);
    } catch (AddressUnavailable e) {
      listeners.forEach(listener -> listener.shutDown(true));
      throw e;
    }
  }

  private static LDAPListener listen(
      EmbeddedDirectoryConfig config,
      InetSocketAddress at,
      LDAPListenerRequestHandler handler,
      Optional<SSLContext> tls)
      throws AddressUnavailable {
    var settings = new LDAPListenerConfig(at.getPort(), handler);
    settings.setListenAddress(at.getAddress());
    settings.setMaxMessageSizeBytes(config.maxRequestBytes());
    settings.setMaxConnections(MAX_CONNECTIONS);
    tls.ifPresent(context -> settings.setServerSocketFactory(context.getServerSocketFactory()));
    var listener = new LDAPListener(settings);
    try {
      listener.startListening();
    } catch (IOException e) {
      throw new AddressUnavailable(at.getAddress(), at.getPort(), e);
    }
    return listener;
  }

  private static void refuse(LDAPMessage answer) throws LDAPException {
    if (!(answer.getProtocolOp() instanceof GenericResponseProtocolOp op)) {
      throw new IllegalStateException("no response: " + answer);
    }
    if (op.getResultCode() != 0) throw new LDAPException(op.toLDAPResult());
  }

  private static void closeQuietly(DurableTree tree) {
    try {
      tree.close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("closing the journal failed; every answered write was synced");
    }
  }
}
