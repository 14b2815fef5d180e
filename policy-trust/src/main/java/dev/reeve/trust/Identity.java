package dev.reeve.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key with the certificates that say whose it is. Prints only the subject.
public final class Identity {

  private final PrivateKey key;
  private final List<X509Certificate> chain;

  /// @param chain leaf first
  public Identity(PrivateKey key, List<X509Certificate> chain) {
    if (chain.isEmpty()) throw new IllegalArgumentException("an identity needs a certificate");
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  /// From `<name>.key` and `<name>.pem` in the directory.
  public static Identity read(Path directory, String name) throws IOException {
    return new Identity(
        Pem.readKey(directory.resolve(name + ".key")),
        Pem.readCertificates(directory.resolve(name + ".pem")));
  }

  /// The key first: a certificate on the disk has its key there too.
  public void write(Path directory, String name) throws IOException {
    Pem.writeKey(directory.resolve(name + ".key"), key);
    Pem.writeCertificates(directory.resolve(name + ".pem"), chain);
  }

  public PrivateKey key() {
    return key;
  }

  /// Leaf first.
  public List<X509Certificate> chain() {
    return chain;
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /// In memory, for interfaces that want one.
  ///
  /// @param password protects the entry
  public KeyStore toKeyStore(char[] password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("identity", key, password, chain.toArray(X509Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "Identity[" + certificate().getSubjectX500Principal() + "]";
  }
}
