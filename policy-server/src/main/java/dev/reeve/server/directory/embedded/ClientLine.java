package dev.reeve.server.directory.embedded;

import com.unboundid.asn1.ASN1Buffer;
import com.unboundid.ldap.listener.LDAPListenerClientConnection;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A client's connection. What it sent in clear behind a StartTLS is thrown away with the reader of
/// the clear socket.
record ClientLine(LDAPListenerClientConnection connection, Optional<SSLSocketFactory> tls)
    implements ServedClient.Line {

  @Override
  public boolean isSealed() {
    return connection.getSocket() instanceof SSLSocket;
  }

  @Override
  public void seal(LDAPMessage answer) throws LDAPException {
    if (isSealed()) throw new LDAPException(ResultCode.OPERATIONS_ERROR, "TLS is on already");
    if (tls.isEmpty())
      throw new LDAPException(ResultCode.PROTOCOL_ERROR, "this directory has no certificate");
    var clear = connection.convertToTLS(tls.get());
    var bytes = new ASN1Buffer();
    answer.writeTo(bytes);
    try {
      bytes.writeTo(clear);
      clear.flush();
    } catch (IOException e) {
      throw new LDAPException(ResultCode.LOCAL_ERROR, "the client is gone", e);
    }
  }
}
