package dev.reeve.server.directory.embedded;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// A request handler told that its client is at a certain address.
final class ServedWithoutSocket implements AutoCloseable {
  private final StateLock lock;
  private final Opening.Opened opened;
  private final InetAddress client;

  ServedWithoutSocket(Path state, InetAddress client) throws Exception {
    this.lock = StateLock.take(state);
    this.opened = Opening.open(TestDirectory.config(state), Journal::fileSink, new SecureRandom());
    this.client = client;
  }

  int bind(String dn, String password) {
    var memory = opened.tree().memory();
    var handler =
        JournallingRequestHandler.template(
                opened.tree(), opened.access(), opened.accounts(), Optional.empty())
            .serving(
                memory,
                client,
                (_, _, _, _) -> {
                  throw new IllegalStateException("no socket to send entries to");
                },
                new ServedClient.Line() {
                  @Override
                  public boolean isSealed() {
                    return false;
                  }

                  @Override
                  public void seal(LDAPMessage answer) {
                    throw new IllegalStateException("no socket to seal");
                  }
                });
    var request = new BindRequestProtocolOp(dn, new ASN1OctetString(password).stringValue());
    return handler
        .processBindRequest(1, request, List.of())
        .getBindResponseProtocolOp()
        .getResultCode();
  }

  @Override
  public void close() throws IOException {
    opened.tree().close();
    lock.close();
  }
}
