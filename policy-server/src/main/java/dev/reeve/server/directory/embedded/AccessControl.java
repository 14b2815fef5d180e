package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.schema.Schema;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Who may do what. Pure: a principal, an operation and a target go in, a decision comes out.
///
/// Anonymous clients read the root DSE. Users read everything but passwords and what is below
/// `CN=Reeve,CN=System` of any base. Administrators read and write everything below the bases.
final class AccessControl {
  static final String PASSWORD = "userPassword";

  enum Operation {
    /// Base search of the empty DN.
    ROOT_DSE,
    READ,
    COMPARE,
    WRITE,
    WHO_AM_I
  }

  sealed interface Decision {
    record Allowed() implements Decision {}

    /// @param reason for the client's diagnostic message
    record Denied(ResultCode code, String reason) implements Decision {}
  }

  private static final Decision ALLOWED = new Decision.Allowed();

  private final List<DN> bases;
  private final DN builtIn;
  private final List<DN> policies;
  private final Set<DN> administrators;
  private final Schema schema;

  /// @param bases the first is the administrator's
  AccessControl(List<DN> bases, Set<DN> administrators, Schema schema) {
    this.bases = List.copyOf(bases);
    this.builtIn = new DN(new RDN("cn", "admin", schema), bases.getFirst());
    this.policies =
        bases.stream()
            .map(base -> new DN(new RDN("CN", "System", schema), base))
            .map(system -> new DN(new RDN("CN", "Reeve", schema), system))
            .toList();
    this.administrators = Set.copyOf(administrators);
    this.schema = schema;
  }

  /// `cn=admin,<first base>`: a credential without an entry.
  DN builtInAdministrator() {
    return builtIn;
  }

  Principal principal(DN dn) {
    return dn.equals(builtIn) || administrators.contains(dn)
        ? new Principal.Administrator(dn)
        : new Principal.User(dn);
  }

  /// @param target the entry, or the base of a search
  Decision decide(Principal who, Operation operation, DN target) {
    return switch (who) {
      case Principal.Anonymous _ ->
          operation == Operation.ROOT_DSE
              ? ALLOWED
              : denied("bind first: anonymous clients read only the root DSE (-b \"\" -s base)");
      case Principal.User _ ->
          switch (operation) {
            case ROOT_DSE, WHO_AM_I -> ALLOWED;
            case READ, COMPARE ->
                mayRead(who, target) ? ALLOWED : denied("only administrators read " + target);
            case WRITE -> denied("only administrators write");
          };
      case Principal.Administrator _ ->
          switch (operation) {
            case ROOT_DSE, WHO_AM_I, READ, COMPARE -> ALLOWED;
            case WRITE -> writable(target);
          };
    };
  }

  /// A password in clear text is taken only where nobody else hears it.
  Decision decideBind(InetAddress client, boolean sealed) {
    return sealed || client.isLoopbackAddress()
        ? ALLOWED
        : new Decision.Denied(
            ResultCode.CONFIDENTIALITY_REQUIRED,
            "a password in clear text is taken only from this machine itself; use TLS");
  }

  boolean mayRead(Principal who, DN entry) {
    return switch (who) {
      case Principal.Anonymous _ -> entry.isNullDN();
      case Principal.User _ -> !isUnder(entry, policies);
      case Principal.Administrator _ -> true;
    };
  }

  /// @param attribute a name or OID, with or without options
  boolean mayRead(Principal who, String attribute) {
    return who instanceof Principal.Administrator || !isPassword(attribute);
  }

  /// Whether a filter asks only about what the principal may read: a match tells as much as a
  /// value.
  Decision decideFilter(Principal who, Filter filter) {
    return switch (filter.getFilterType()) {
      case Filter.FILTER_TYPE_AND, Filter.FILTER_TYPE_OR -> {
        for (var part : filter.getComponents()) {
          if (decideFilter(who, part) instanceof Decision.Denied denied) yield denied;
        }
        yield ALLOWED;
      }
      case Filter.FILTER_TYPE_NOT -> decideFilter(who, part(filter.getNOTComponent()));
      case Filter.FILTER_TYPE_EQUALITY,
          Filter.FILTER_TYPE_SUBSTRING,
          Filter.FILTER_TYPE_GREATER_OR_EQUAL,
          Filter.FILTER_TYPE_LESS_OR_EQUAL,
          Filter.FILTER_TYPE_PRESENCE ->
          mayRead(who, part(filter.getAttributeName()))
              ? ALLOWED
              : denied("only administrators search by " + PASSWORD);
      default ->
          new Decision.Denied(
              ResultCode.INAPPROPRIATE_MATCHING,
              "approximate and extensible matches are not supported");
    };
  }

  boolean isPassword(String attribute) {
    var name = Attribute.getBaseName(attribute);
    var type = schema.getAttributeType(name);
    return type == null ? name.equalsIgnoreCase(PASSWORD) : type.hasNameOrOID(PASSWORD);
  }

  /// The SDK's accessors say null for other filter types than the one just checked.
  private static <T> T part(@Nullable T part) {
    if (part == null) throw new IllegalArgumentException("not a filter of that type");
    return part;
  }

  private Decision writable(DN target) {
    if (target.equals(builtIn)) return denied(builtIn + " is the built-in administrator");
    return isUnder(target, bases)
        ? ALLOWED
        : new Decision.Denied(
            ResultCode.UNWILLING_TO_PERFORM, "only entries of " + text(bases) + " can be written");
  }

  private static boolean isUnder(DN name, List<DN> any) {
    for (DN dn : any) if (name.isDescendantOf(dn, true)) return true;
    return false;
  }

  private static String text(List<DN> bases) {
    return bases.stream().map(DN::toString).collect(Collectors.joining(" and "));
  }

  private static Decision denied(String reason) {
    return new Decision.Denied(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, reason);
  }
}
