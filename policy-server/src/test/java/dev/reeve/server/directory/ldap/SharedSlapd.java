package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.NativeSlapd;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/// One slapd for all tests of a class: none of them restarts it, or leaves anything behind that
/// another one minds.
abstract class SharedSlapd extends FollowedSlapd {

  private static Optional<NativeSlapd> one = Optional.empty();

  @Override
  NativeSlapd open() throws Exception {
    if (one.isEmpty()) one = Optional.of(NativeSlapd.start(shared.resolve("slapd"), ca));
    return one.get();
  }

  /// With the rights and the password of before.
  @Override
  void leave() throws Exception {
    slapd.showPolicies();
    admin.modify(
        NativeSlapd.READER,
        new Modification(ModificationType.REPLACE, "userPassword", NativeSlapd.PASSWORD));
  }

  @AfterAll
  static void closeIt() {
    one.ifPresent(NativeSlapd::close);
    one = Optional.empty();
  }
}
