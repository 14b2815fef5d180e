package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.listener.InMemoryPasswordEncoder;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ReadOnlyEntry;
import com.unboundid.ldap.sdk.ResultCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Passwords as PBKDF2 with HMAC-SHA-512: `{PBKDF2-SHA512}iterations$salt$hash`, salt and hash in
/// base64 without padding and with `.` for `+`. OpenLDAP's pw-pbkdf2 module reads the same form.
final class Pbkdf2PasswordEncoder extends InMemoryPasswordEncoder {
  static final String PREFIX = "{PBKDF2-SHA512}";
  static final int ITERATIONS = 210_000;
  private static final int MAX_ITERATIONS = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 64;
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,8})\\$([A-Za-z0-9./]{1,256})\\$([A-Za-z0-9./]{1,256})");
  private static final Pattern OTHER_SCHEME = Pattern.compile("^\\{[A-Za-z0-9/_-]+\\}");

  private final SecureRandom random;
  private final int iterations;

  Pbkdf2PasswordEncoder(SecureRandom random, int iterations) {
    super(PREFIX, null);
    this.random = random;
    this.iterations = iterations;
  }

  private record Hashed(int iterations, byte[] salt, byte[] hash) {}

  @Override
  protected byte[] encodePassword(
      byte[] clearPassword, ReadOnlyEntry entry, List<Modification> modifications)
      throws LDAPException {
    var clear =
        utf8(clearPassword)
            .orElseThrow(() -> new LDAPException(ResultCode.PARAM_ERROR, "password is not UTF-8"));
    // Hashed once more it would be a password that nobody knows.
    if (OTHER_SCHEME.matcher(new String(clear)).find()) {
      throw new LDAPException(
          ResultCode.PARAM_ERROR,
          "the password is hashed in a scheme other than %s; give it in clear".formatted(PREFIX));
    }
    var salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    var hash = pbkdf2(clear, salt, iterations, HASH_BYTES);
    var text = iterations + "$" + base64(salt) + "$" + base64(hash);
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  protected void ensurePreEncodedPasswordAppearsValid(
      byte[] encoded, ReadOnlyEntry entry, List<Modification> modifications) throws LDAPException {
    if (parse(encoded).isEmpty()) {
      throw new LDAPException(
          ResultCode.PARAM_ERROR, "not of the form %siterations$salt$hash".formatted(PREFIX));
    }
  }

  @Override
  protected boolean passwordMatches(byte[] clear, byte[] encoded, ReadOnlyEntry entry)
      throws LDAPException {
    var hashed = parse(encoded);
    var text = utf8(clear);
    if (hashed.isEmpty() || text.isEmpty()) return false;
    var wanted = hashed.get();
    return MessageDigest.isEqual(
        wanted.hash(),
        pbkdf2(text.get(), wanted.salt(), wanted.iterations(), wanted.hash().length));
  }

  @Override
  protected byte[] extractClearPassword(byte[] encoded, ReadOnlyEntry entry) throws LDAPException {
    throw new LDAPException(ResultCode.NOT_SUPPORTED, "a hash does not give its password back");
  }

  @Override
  public void toString(StringBuilder text) {
    text.append("Pbkdf2PasswordEncoder");
  }

  /// Takes as long as a password that does not match: whether a name exists does not show in time.
  void waste(byte[] clear) throws LDAPException {
    pbkdf2(utf8(clear).orElseGet(() -> new char[0]), new byte[SALT_BYTES], iterations, HASH_BYTES);
  }

  private static Optional<Hashed> parse(byte[] encoded) {
    var form = FORM.matcher(new String(encoded, StandardCharsets.ISO_8859_1));
    if (!form.matches()) return Optional.empty();
    int count = Integer.parseInt(form.group(1));
    if (count < 1 || count > MAX_ITERATIONS) return Optional.empty();
    try {
      return Optional.of(new Hashed(count, unbase64(form.group(2)), unbase64(form.group(3))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static byte[] pbkdf2(char[] clear, byte[] salt, int count, int bytes)
      throws LDAPException {
    var spec = new PBEKeySpec(clear, salt, count, bytes * 8);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new LDAPException(ResultCode.OTHER, "cannot hash a password: " + e.getMessage(), e);
    } finally {
      spec.clearPassword();
      Arrays.fill(clear, '\0');
    }
  }

  private static Optional<char[]> utf8(byte[] bytes) {
    try {
      var chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      var clear = new char[chars.remaining()];
      chars.get(clear);
      return Optional.of(clear);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes).replace('+', '.');
  }

  private static byte[] unbase64(String text) {
    return Base64.getDecoder().decode(text.replace('.', '+'));
  }
}
