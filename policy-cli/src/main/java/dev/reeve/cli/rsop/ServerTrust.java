package dev.reeve.cli.rsop;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Which servers are believed: those that a CA in a file vouches for, those under a root whose key
/// is known, else those of the machine's trust store. Names are always checked.
final class ServerTrust {

  private ServerTrust() {}

  static SSLContext context(Optional<Path> caFile, Optional<String> pin) throws CommandException {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      TrustManager[] managers = null;
      if (caFile.isPresent()) managers = managers(certificates(caFile.get()));
      else if (pin.isPresent()) managers = new TrustManager[] {new Pinned(digest(pin.get()))};
      context.init(null, managers, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new CommandException(ExitCode.FAILED, "TLS cannot be set up: " + e.getMessage());
    }
  }

  private static byte[] digest(String hex) throws CommandException {
    String digits = hex.replace(":", "").toLowerCase(Locale.ROOT);
    if (!digits.matches("[0-9a-f]{64}")) {
      throw new CommandException(
          ExitCode.USAGE, "--pin is '" + hex + "', expected 64 hex digits (a SHA-256)");
    }
    return HexFormat.of().parseHex(digits);
  }

  private static Collection<? extends Certificate> certificates(Path file) throws CommandException {
    try (InputStream in = Files.newInputStream(file)) {
      var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) throw new CertificateException("holds no certificate");
      return found;
    } catch (IOException | CertificateException e) {
      throw new CommandException(
          ExitCode.FAILED, "--cacert " + file + ": expected PEM certificates: " + e.getMessage());
    }
  }

  private static TrustManager[] managers(Collection<? extends Certificate> roots)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate root : roots) store.setCertificateEntry("ca-" + number++, root);
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /// Trusts the one root in the server's chain whose public key has the wanted SHA-256, and checks
  /// the rest of the chain and the name as usual.
  private static final class Pinned extends X509ExtendedTrustManager {
    private final byte[] pin;

    Pinned(byte[] pin) {
      this.pin = pin;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      try {
        for (X509Certificate certificate : chain) {
          byte[] key =
              MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());
          if (!MessageDigest.isEqual(pin, key)) continue;
          for (TrustManager manager : managers(List.of(certificate))) {
            if (manager instanceof X509ExtendedTrustManager x509) {
              x509.checkServerTrusted(chain, authType, engine);
              return;
            }
          }
        }
      } catch (CertificateException e) {
        throw e;
      } catch (GeneralSecurityException | IOException e) {
        throw new CertificateException(e);
      }
      throw new CertificateException("no certificate of the server's chain has the pinned key");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, java.net.Socket socket)
        throws CertificateException {
      throw new CertificateException("only with a name to check");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("only with a name to check");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, java.net.Socket socket)
        throws CertificateException {
      throw new CertificateException("no client is checked here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("no client is checked here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("no client is checked here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
