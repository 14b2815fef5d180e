package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchScope;
import java.io.ByteArrayOutputStream;
import java.util.List;

/// The bytes of a client that binds, asks for everything and then stops listening.
record DeafClient(String dn, String password) {
  byte[] bindAndSearch(String base) {
    var search =
        new SearchRequestProtocolOp(
            base,
            SearchScope.SUB,
            DereferencePolicy.NEVER,
            0,
            0,
            false,
            Filter.createPresenceFilter("objectClass"),
            List.of("*"));
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new LDAPMessage(1, new BindRequestProtocolOp(dn, password)).encode().encode());
    bytes.writeBytes(new LDAPMessage(2, search).encode().encode());
    return bytes.toByteArray();
  }
}
