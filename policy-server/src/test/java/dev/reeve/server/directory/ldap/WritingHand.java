package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import dev.reeve.model.gp.Dn;
import java.util.List;
import java.util.Random;

/// What a write may choose from, and the writes that any kind of entry takes.
abstract class WritingHand {

  private static final int NUMBERS = 40; // of names of each kind

  final Random random;
  final SoakDomain domain;

  WritingHand(Random random, SoakDomain domain) {
    this.random = random;
    this.domain = domain;
  }

  /// @throws LDAPException as a directory would say it when there is none
  String any(List<String> of) throws LDAPException {
    if (of.isEmpty()) throw new LDAPException(ResultCode.NO_SUCH_OBJECT, "there is none yet");
    return of.get(random.nextInt(of.size()));
  }

  String choice(String... of) {
    return of[random.nextInt(of.length)];
  }

  int number() {
    return random.nextInt(NUMBERS);
  }

  String name(String kind) {
    return kind + number();
  }

  String container() throws LDAPException {
    return any(domain.containers());
  }

  String site() {
    return SoakDomain.site(random.nextInt(3));
  }

  /// @param value empty = none
  static void set(LDAPConnection directory, String dn, String attribute, String value)
      throws LDAPException {
    directory.modify(
        dn,
        value.isEmpty()
            ? new Modification(ModificationType.REPLACE, attribute)
            : new Modification(ModificationType.REPLACE, attribute, value));
  }

  void add(LDAPConnection directory, Entry entry) throws LDAPException {
    directory.add(entry);
    domain.forget();
  }

  void delete(LDAPConnection directory, String dn) throws LDAPException {
    directory.delete(dn);
    domain.forget();
  }

  /// Leaves first, one by one.
  void deleteWhole(LDAPConnection directory, String top) throws LDAPException {
    domain.forget();
    for (String dn : domain.under(top)) directory.delete(dn);
  }

  /// To another place, another name, or both.
  void move(LDAPConnection directory, String dn, String otherName) throws LDAPException {
    String own = Dn.parse(dn).attribute() + "=" + Dn.parse(dn).name();
    String rdn = random.nextBoolean() ? own : otherName;
    if (random.nextInt(4) == 0) directory.modifyDN(dn, rdn, true);
    else directory.modifyDN(dn, rdn, true, container());
    domain.forget();
  }
}
