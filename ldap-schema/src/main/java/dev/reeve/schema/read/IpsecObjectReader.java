package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.read.IpsecObjects.Decoded;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The IPsec policies of a directory: Microsoft's below `CN=IP Security,CN=System`, ours below
/// `CN=Reeve,CN=System`.
public final class IpsecObjectReader {

  private IpsecObjectReader() {}

  /// @param policies one for every ipsecPolicy entry, readable or not
  public record Policies(Map<Dn, PolicyEntry> policies, List<Problem> problems) {
    public Policies {
      policies = Map.copyOf(policies);
      problems = List.copyOf(problems);
    }
  }

  /// @param entries in any order; others than IPsec objects are ignored
  /// @param sealer gets every pre-shared key that Microsoft's objects hold readable
  public static Policies read(Collection<LdapEntry> entries, SecretSealer sealer) {
    var problems = new Problems();
    return new Policies(read(entries, sealer, problems), problems.sorted());
  }

  static Map<Dn, PolicyEntry> read(
      Collection<LdapEntry> entries, SecretSealer sealer, Problems problems) {
    Map<Dn, Decoded> objects = IpsecObjects.decode(entries, sealer, problems);
    var assembler = new PolicyAssembler(dn -> Optional.ofNullable(objects.get(dn)), problems);
    var policies = new HashMap<Dn, PolicyEntry>();
    objects.forEach((dn, object) -> {
      if (object.kind() == IpsecKind.POLICY) policies.put(dn, assembler.assemble(object));
    });
    return policies;
  }
}
