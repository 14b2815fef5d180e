package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.listener.InMemoryRequestHandler;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.LDAPException;
import java.net.InetAddress;
import java.util.List;

/// What belongs to one client.
///
/// @param as the tree, acting under the client's name
/// @param address where the client is
record ServedClient(InMemoryRequestHandler as, InetAddress address, Searching search) {

  /// Finds, reduces and sends what a search asks for.
  @FunctionalInterface
  interface Searching {
    LDAPMessage answer(
        int id, Principal who, SearchRequestProtocolOp request, List<Control> controls)
        throws LDAPException;
  }
}
