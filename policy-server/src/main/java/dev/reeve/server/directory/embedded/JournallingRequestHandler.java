package dev.reeve.server.directory.embedded;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.listener.InMemoryRequestHandler;
import com.unboundid.ldap.listener.LDAPListenerClientConnection;
import com.unboundid.ldap.listener.LDAPListenerRequestHandler;
import com.unboundid.ldap.protocol.AddRequestProtocolOp;
import com.unboundid.ldap.protocol.AddResponseProtocolOp;
import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.protocol.BindResponseProtocolOp;
import com.unboundid.ldap.protocol.CompareRequestProtocolOp;
import com.unboundid.ldap.protocol.CompareResponseProtocolOp;
import com.unboundid.ldap.protocol.DeleteRequestProtocolOp;
import com.unboundid.ldap.protocol.DeleteResponseProtocolOp;
import com.unboundid.ldap.protocol.ExtendedRequestProtocolOp;
import com.unboundid.ldap.protocol.ExtendedResponseProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.ModifyDNRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyDNResponseProtocolOp;
import com.unboundid.ldap.protocol.ModifyRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyResponseProtocolOp;
import com.unboundid.ldap.protocol.ProtocolOp;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.protocol.SearchResultDoneProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.AssertionRequestControl;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedRequest;
import dev.reeve.server.directory.embedded.AccessControl.Decision;
import dev.reeve.server.directory.embedded.AccessControl.Operation;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// One LDAP connection: decides who asks and what that may be, then passes it on. Every request
/// first meets `AccessControl` and `RequestControls`; every write goes through `DurableTree`.
final class JournallingRequestHandler extends LDAPListenerRequestHandler {
  private final DurableTree tree;
  private final AccessControl access;
  private final Accounts accounts;
  private final Optional<SSLSocketFactory> tls;
  private final @Nullable ServedClient client;
  private Principal bound = Principal.ANONYMOUS;

  private JournallingRequestHandler(
      DurableTree tree,
      AccessControl access,
      Accounts accounts,
      Optional<SSLSocketFactory> tls,
      @Nullable ServedClient client) {
    this.tree = tree;
    this.access = access;
    this.accounts = accounts;
    this.tls = tls;
    this.client = client;
  }

  /// The one from which the listener makes one for each connection.
  ///
  /// @param tls for StartTLS
  static JournallingRequestHandler template(
      DurableTree tree, AccessControl access, Accounts accounts, Optional<SSLSocketFactory> tls) {
    return new JournallingRequestHandler(tree, access, accounts, tls, null);
  }

  @Override
  public LDAPListenerRequestHandler newInstance(LDAPListenerClientConnection connection)
      throws LDAPException {
    var as = tree.memory().newInstance(connection);
    var collector = new SearchCollector(as);
    connection.addSearchEntryTransformer(collector);
    return serving(
        as,
        connection.getSocket().getInetAddress(),
        new SearchAnswer(tree, access, collector, connection)::answer,
        new ClientLine(connection, tls));
  }

  JournallingRequestHandler serving(
      InMemoryRequestHandler as,
      InetAddress address,
      ServedClient.Searching search,
      ServedClient.Line line) {
    return new JournallingRequestHandler(
        tree, access, accounts, tls, new ServedClient(as, address, search, line));
  }

  @Override
  public LDAPMessage processBindRequest(
      int id, BindRequestProtocolOp request, List<Control> controls) {
    return guarded(
        id,
        BindResponseProtocolOp::new,
        () -> {
          become(Principal.ANONYMOUS);
          RequestControls.pass(controls, RequestControls.NONE);
          if (request.getVersion() != 3) {
            throw new LDAPException(ResultCode.PROTOCOL_ERROR, "only LDAP version 3 is spoken");
          }
          if (request.getCredentialsType() != BindRequestProtocolOp.CRED_TYPE_SIMPLE) {
            throw new LDAPException(
                ResultCode.AUTH_METHOD_NOT_SUPPORTED, "only simple binds are supported (-x)");
          }
          become(authenticate(request));
          return success(id, BindResponseProtocolOp::new);
        });
  }

  private Principal authenticate(BindRequestProtocolOp request) throws LDAPException {
    var password = password(request);
    var dn = dn(request.getBindDN());
    if (dn.isNullDN() && password.length == 0) return Principal.ANONYMOUS;
    require(access.decideBind(client().address(), client().line().isSealed()));
    if (password.length == 0) {
      throw new LDAPException(
          ResultCode.UNWILLING_TO_PERFORM, "a bind with a name needs a password");
    }
    return accounts
        .authenticate(dn, password)
        .orElseThrow(
            () -> new LDAPException(ResultCode.INVALID_CREDENTIALS, "wrong name or password"));
  }

  @Override
  public LDAPMessage processSearchRequest(
      int id, SearchRequestProtocolOp request, List<Control> controls) {
    return guarded(
        id,
        SearchResultDoneProtocolOp::new,
        () -> {
          var who = who();
          var base = dn(request.getBaseDN());
          boolean rootDse = base.isNullDN() && request.getScope() == SearchScope.BASE;
          require(access.decide(who, rootDse ? Operation.ROOT_DSE : Operation.READ, base));
          require(access.decideFilter(who, request.getFilter()));
          return client().search().answer(id, who, request, readControls(who, controls));
        });
  }

  @Override
  public LDAPMessage processCompareRequest(
      int id, CompareRequestProtocolOp request, List<Control> controls) {
    return guarded(
        id,
        CompareResponseProtocolOp::new,
        () -> {
          var who = who();
          require(access.decide(who, Operation.COMPARE, dn(request.getDN())));
          if (!access.mayRead(who, request.getAttributeName())) {
            throw new LDAPException(
                ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "only administrators compare passwords");
          }
          var passed = RequestControls.asPlainEntries(readControls(who, controls));
          return tree.read(() -> client().as().processCompareRequest(id, request, passed));
        });
  }

  @Override
  public LDAPMessage processAddRequest(
      int id, AddRequestProtocolOp request, List<Control> controls) {
    return guarded(
        id,
        AddResponseProtocolOp::new,
        () -> {
          var passed = writeControls(dn(request.getDN()), controls);
          return tree.add(client().as(), id, request, passed);
        });
  }

  @Override
  public LDAPMessage processModifyRequest(
      int id, ModifyRequestProtocolOp request, List<Control> controls) {
    return guarded(
        id,
        ModifyResponseProtocolOp::new,
        () -> {
          var passed = writeControls(dn(request.getDN()), controls);
          return tree.modify(client().as(), id, request, passed);
        });
  }

  @Override
  public LDAPMessage processDeleteRequest(
      int id, DeleteRequestProtocolOp request, List<Control> controls) {
    return guarded(
        id,
        DeleteResponseProtocolOp::new,
        () -> {
          var passed = writeControls(dn(request.getDN()), controls);
          return tree.delete(client().as(), id, request, passed);
        });
  }

  @Override
  public LDAPMessage processModifyDNRequest(
      int id, ModifyDNRequestProtocolOp request, List<Control> controls) {
    return guarded(
        id,
        ModifyDNResponseProtocolOp::new,
        () -> {
          var passed = writeControls(dn(request.getDN()), controls);
          require(access.decide(who(), Operation.WRITE, tree.newDn(request)));
          return tree.modifyDn(client().as(), id, request, passed);
        });
  }

  @Override
  public LDAPMessage processExtendedRequest(
      int id, ExtendedRequestProtocolOp request, List<Control> controls) {
    return request.getOID().equals(StartTLSExtendedRequest.STARTTLS_REQUEST_OID)
        ? startTls(id, controls)
        : otherExtendedRequest(id, request, controls);
  }

  /// The answer goes out in clear before TLS begins; the connection does not send it again.
  private LDAPMessage startTls(int id, List<Control> controls) {
    return guarded(
        id,
        ExtendedResponseProtocolOp::new,
        () -> {
          RequestControls.pass(controls, RequestControls.NONE);
          var answer =
              new LDAPMessage(
                  id,
                  new ExtendedResponseProtocolOp(
                      ResultCode.SUCCESS_INT_VALUE,
                      null,
                      null,
                      null,
                      StartTLSExtendedRequest.STARTTLS_REQUEST_OID,
                      null));
          client().line().seal(answer);
          become(Principal.ANONYMOUS);
          return answer;
        });
  }

  private LDAPMessage otherExtendedRequest(
      int id, ExtendedRequestProtocolOp request, List<Control> controls) {
    return guarded(
        id,
        ExtendedResponseProtocolOp::new,
        () -> {
          var who = who();
          require(access.decide(who, Operation.WHO_AM_I, DN.NULL_DN));
          RequestControls.pass(controls, RequestControls.NONE);
          if (!request.getOID().equals(WhoAmIExtendedRequest.WHO_AM_I_REQUEST_OID)) {
            throw new LDAPException(
                ResultCode.PROTOCOL_ERROR,
                "extended operation %s is not supported".formatted(request.getOID()));
          }
          return new LDAPMessage(
              id,
              new ExtendedResponseProtocolOp(
                  ResultCode.SUCCESS_INT_VALUE,
                  null,
                  null,
                  null,
                  null,
                  new ASN1OctetString("dn:" + who.name())));
        });
  }

  @FunctionalInterface
  private interface Answer {
    LDAPMessage make() throws LDAPException;
  }

  private static LDAPMessage guarded(
      int id, Function<LDAPResult, ProtocolOp> response, Answer answer) {
    try {
      return answer.make();
    } catch (LDAPException e) {
      return new LDAPMessage(id, response.apply(e.toLDAPResult()));
    }
  }

  private static LDAPMessage success(int id, Function<LDAPResult, ProtocolOp> response) {
    return new LDAPMessage(id, response.apply(new LDAPResult(id, ResultCode.SUCCESS)));
  }

  private List<Control> readControls(Principal who, List<Control> controls) throws LDAPException {
    var passed = RequestControls.pass(controls, readable(who));
    for (var control : passed) {
      if (control.getOID().equals(AssertionRequestControl.ASSERTION_REQUEST_OID)) {
        require(access.decideFilter(who, new AssertionRequestControl(control).getFilter()));
      }
    }
    return passed;
  }

  private static Set<String> readable(Principal who) {
    return who instanceof Principal.Anonymous ? RequestControls.NONE : RequestControls.READ;
  }

  private List<Control> writeControls(DN target, List<Control> controls) throws LDAPException {
    require(access.decide(who(), Operation.WRITE, target));
    return RequestControls.asPlainEntries(RequestControls.pass(controls, RequestControls.WRITE));
  }

  private Principal who() {
    return tree.read(() -> accounts.current(bound));
  }

  private void become(Principal principal) {
    bound = principal;
    client().as().setAuthenticatedDN(principal.name());
  }

  private DN dn(String text) throws LDAPException {
    return new DN(text, tree.memory().getSchema());
  }

  private static byte[] password(BindRequestProtocolOp request) {
    var password = request.getSimplePassword();
    return password == null ? new byte[0] : password.getValue();
  }

  private static void require(Decision decision) throws LDAPException {
    if (decision instanceof Decision.Denied(ResultCode code, String reason)) {
      throw new LDAPException(code, reason);
    }
  }

  private ServedClient client() {
    if (client == null) throw new IllegalStateException("the template serves no client");
    return client;
  }
}
