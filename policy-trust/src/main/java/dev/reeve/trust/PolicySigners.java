package dev.reeve.trust;

import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The policy signer of a server, those before it, and how each handed over to the next.
///
/// On disk: `policy-signer.key` and `policy-signer.pem` is the first; the second is
/// `policy-signer-2`, with `policy-signer-2.cms`, by which the first handed over. The last one that
/// has its certificate there signs.
public final class PolicySigners {

  /// Hosts know a signer by its key, whatever its certificate says of time.
  private static final Duration VALIDITY = Duration.ofDays(5 * 365);

  private static final int MOST_BYTES = 64 << 10;

  private final Path directory;
  private final int number;
  private final Identity current;

  private PolicySigners(Path directory, int number, Identity current) {
    this.directory = directory;
    this.number = number;
    this.current = current;
  }

  /// @param name of this server, for people; used when there is no signer yet
  public static PolicySigners openOrCreate(
      Path directory, Authority authority, String name, Instant now) throws IOException {
    if (!exists(directory, 1)) authority.issueSigner(name, now, VALIDITY).write(directory, file(1));
    int last = 1;
    while (exists(directory, last + 1)) last++;
    return new PolicySigners(directory, last, Identity.read(directory, file(last)));
  }

  private static boolean exists(Path directory, int number) {
    return Files.exists(directory.resolve(file(number) + ".pem"));
  }

  private static String file(int number) {
    return number == 1 ? "policy-signer" : "policy-signer-" + number;
  }

  /// The one that signs.
  public Identity current() {
    return current;
  }

  /// Counted from 1.
  public int number() {
    return number;
  }

  /// Oldest first.
  public List<byte[]> handovers() throws IOException {
    var all = new ArrayList<byte[]>();
    for (int i = 2; i <= number; i++) {
      all.add(DurableFiles.read(directory.resolve(file(i) + ".cms"), MOST_BYTES));
    }
    return all;
  }

  /// Makes a new one, to which the current one hands over. Its certificate is written last, which
  /// says that the rest is there.
  public PolicySigners replace(Authority authority, String name, Instant now) throws IOException {
    String next = file(number + 1);
    Identity made = authority.issueSigner(name, now, VALIDITY);
    List<X509Certificate> chain = made.chain();
    Pem.writeKey(directory.resolve(next + ".key"), made.key());
    DurableFiles.write(
        directory.resolve(next + ".cms"), SignerHandover.sign(current, chain), Access.PUBLIC);
    Pem.writeCertificates(directory.resolve(next + ".pem"), chain);
    return new PolicySigners(directory, number + 1, made);
  }
}
