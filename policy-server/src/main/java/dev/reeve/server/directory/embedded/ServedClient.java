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
/// @param line how it is connected
record ServedClient(InMemoryRequestHandler as, InetAddress address, Searching search, Line line) {

  /// Finds, reduces and sends what a search asks for.
  @FunctionalInterface
  interface Searching {
    LDAPMessage answer(
        int id, Principal who, SearchRequestProtocolOp request, List<Control> controls)
        throws LDAPException;
  }

  /// In clear, or in TLS from some moment on.
  interface Line {
    boolean isSealed();

    /// Turns TLS on, and sends `answer` in clear just before.
    ///
    /// @throws LDAPException when it was on already, or is not to be had
    void seal(LDAPMessage answer) throws LDAPException;
  }
}
