package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.controls.AssertionRequestControl;
import com.unboundid.ldap.sdk.controls.ManageDsaITRequestControl;
import com.unboundid.ldap.sdk.controls.PermissiveModifyRequestControl;
import com.unboundid.ldap.sdk.controls.PostReadRequestControl;
import com.unboundid.ldap.sdk.controls.PreReadRequestControl;
import com.unboundid.ldap.sdk.controls.ProxiedAuthorizationV1RequestControl;
import com.unboundid.ldap.sdk.controls.ProxiedAuthorizationV2RequestControl;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import com.unboundid.ldap.sdk.controls.SubtreeDeleteRequestControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The few request controls that clients may use. The tree behind us knows more, some of which act
/// as another user, set entryUUID or leave a change unmade; those never reach it.
final class RequestControls {
  private RequestControls() {}

  static final Set<String> READ =
      Set.of(
          AssertionRequestControl.ASSERTION_REQUEST_OID,
          ManageDsaITRequestControl.MANAGE_DSA_IT_REQUEST_OID,
          SimplePagedResultsControl.PAGED_RESULTS_OID);

  static final Set<String> WRITE =
      Set.of(
          AssertionRequestControl.ASSERTION_REQUEST_OID,
          ManageDsaITRequestControl.MANAGE_DSA_IT_REQUEST_OID,
          PreReadRequestControl.PRE_READ_REQUEST_OID,
          PostReadRequestControl.POST_READ_REQUEST_OID,
          PermissiveModifyRequestControl.PERMISSIVE_MODIFY_REQUEST_OID,
          SubtreeDeleteRequestControl.SUBTREE_DELETE_REQUEST_OID);

  static final Set<String> NONE = Set.of();

  /// Refused even when not critical: without them the request would mean something else.
  private static final Set<String> NEVER =
      Set.of(
          ProxiedAuthorizationV1RequestControl.PROXIED_AUTHORIZATION_V1_REQUEST_OID,
          ProxiedAuthorizationV2RequestControl.PROXIED_AUTHORIZATION_V2_REQUEST_OID);

  /// The controls to pass on. What is unknown is refused when critical and left out when not.
  static List<Control> pass(List<Control> controls, Set<String> known) throws LDAPException {
    var passed = new ArrayList<Control>();
    for (var control : controls) {
      var oid = control.getOID();
      if (known.contains(oid)) {
        passed.add(control);
      } else if (control.isCritical() || NEVER.contains(oid)) {
        throw new LDAPException(
            ResultCode.UNAVAILABLE_CRITICAL_EXTENSION,
            "control %s is not supported".formatted(oid));
      }
    }
    return passed;
  }

  /// A referral entry is kept and served as the entry it is.
  static List<Control> asPlainEntries(List<Control> controls) {
    var all = new ArrayList<>(controls);
    all.removeIf(c -> c.getOID().equals(ManageDsaITRequestControl.MANAGE_DSA_IT_REQUEST_OID));
    all.add(new ManageDsaITRequestControl(false));
    return all;
  }
}
