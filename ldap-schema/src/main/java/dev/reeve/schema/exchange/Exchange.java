package dev.reeve.schema.exchange;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Code;
import dev.reeve.schema.ipsec.Finding.Effect;
import dev.reeve.schema.ms.FilterForm;
import dev.reeve.schema.ms.MsLeftovers;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.write.MsCarrier;
import dev.reeve.schema.write.MsObjectWriter;
import dev.reeve.schema.write.MsOriginals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Policies into the form that somebody wants. A policy is written whole or not at all.
public final class Exchange {

  private final Policies policies;
  private final List<Finding> findings = new ArrayList<>();

  private Exchange(Policies policies) {
    this.policies = policies;
    this.findings.addAll(policies.findings());
  }

  /// @param written the policies that were carried over, as far as they were
  /// @param entries in the order to write them; none when only policies were wanted
  public record Result(List<IpsecPolicy> written, List<LdapEntry> entries, List<Finding> findings) {
    public Result {
      written = List.copyOf(written);
      entries = List.copyOf(entries);
      findings = List.copyOf(findings);
    }
  }

  /// Entries for `CN=IP Security,CN=System,<domain>`.
  ///
  /// @param reveal writes pre-shared keys, readable for everybody who may read the entries
  public static Result toMicrosoft(
      Policies policies, Dn domain, FilterForm form, Keys keys, boolean reveal) {
    return new Exchange(policies).toMicrosoft(domain, form, keys, reveal);
  }

  private Result toMicrosoft(Dn domain, FilterForm form, Keys keys, boolean reveal) {
    var carried = new ArrayList<IpsecPolicy>();
    for (IpsecPolicy policy : distinct()) {
      var fit = MsCarrier.carry(policy, form, key -> reveal && keys.has(key));
      fit.policy().ifPresent(carried::add);
      findings.addAll(fit.findings());
    }
    List<LdapEntry> entries =
        MsObjectWriter.write(
            carried,
            domain.below("CN=IP Security,CN=System"),
            form,
            keys,
            new MsOriginals(policies.originals()));
    return new Result(carried, entries, findings);
  }

  /// Entries for `CN=Reeve,CN=System,<domain>`.
  ///
  /// @param reseal seals a key of the exchange to the server's vault; empty when it cannot
  public static Result toReeve(
      Policies policies, Dn domain, Function<SealedSecret, Optional<SealedSecret>> reseal) {
    var exchange = new Exchange(policies);
    List<IpsecPolicy> written = exchange.modern(reseal);
    return new Result(
        written,
        ReeveEntries.write(written, domain.below("CN=Reeve,CN=System")),
        exchange.findings);
  }

  /// Policies as the model has them, for a host's own store.
  public static Result toModel(
      Policies policies, Function<SealedSecret, Optional<SealedSecret>> reseal) {
    var exchange = new Exchange(policies);
    return new Result(exchange.modern(reseal), List.of(), exchange.findings);
  }

  private List<IpsecPolicy> modern(Function<SealedSecret, Optional<SealedSecret>> reseal) {
    var written = new ArrayList<IpsecPolicy>();
    for (IpsecPolicy policy : distinct()) {
      if (policy.rules().isEmpty()) {
        add(Effect.REFUSED, Code.NO_RULE, policy, "", "the policy has no rule");
        continue;
      }
      resealed(policy, reseal).ifPresent(written::add);
      leftovers(policy);
    }
    return written;
  }

  private List<IpsecPolicy> distinct() {
    return DistinctIds.of(policies.policies(), findings);
  }

  private Optional<IpsecPolicy> resealed(
      IpsecPolicy policy, Function<SealedSecret, Optional<SealedSecret>> reseal) {
    var rules = new ArrayList<IpsecRule>();
    boolean whole = true;
    for (IpsecRule rule : policy.rules()) {
      var methods = new ArrayList<AuthMethod>();
      for (AuthMethod method : rule.authentication()) {
        if (!(method instanceof AuthMethod.PreSharedKey(var key))) {
          methods.add(method);
          continue;
        }
        Optional<SealedSecret> sealed = reseal.apply(key);
        sealed.ifPresent(s -> methods.add(new AuthMethod.PreSharedKey(s)));
        if (sealed.isEmpty()) {
          add(
              Effect.LEFT_OUT,
              Code.PRE_SHARED_KEY,
              policy,
              shown(rule),
              "the pre-shared key has nobody to be sealed to");
        }
      }
      if (methods.isEmpty() && rule.action() instanceof Negotiate) {
        add(
            Effect.REFUSED,
            Code.NO_AUTHENTICATION_LEFT,
            policy,
            shown(rule),
            "no way to authenticate is left");
        whole = false;
        continue;
      }
      rules.add(
          new IpsecRule(
              rule.id(),
              rule.name(),
              rule.description(),
              rule.active(),
              rule.filters(),
              rule.action(),
              methods,
              rule.tunnel(),
              rule.networkType()));
    }
    if (!whole) return Optional.empty();
    return Optional.of(
        new IpsecPolicy(
            policy.id(),
            policy.name(),
            policy.description(),
            policy.pollingInterval(),
            policy.mainMode(),
            rules));
  }

  /// What Microsoft's objects hold that only they can.
  private void leftovers(IpsecPolicy policy) {
    Set<String> names = new HashSet<>();
    names.add((LdapClass.IPSEC_POLICY.ldapName() + policy.id()).toLowerCase(Locale.ROOT));
    int unknown = 0;
    int objects = 0;
    for (LdapEntry entry : Originals.reached(policies.originals(), names)) {
      Optional<byte[]> data = entry.firstBytes(LdapAttribute.IPSEC_DATA);
      if (!Originals.isMicrosofts(entry) || data.isEmpty()) continue;
      int bytes = MsLeftovers.unknownBytes(data.get());
      unknown += bytes;
      if (bytes > 0) objects++;
      if (entry.isA(LdapClass.IPSEC_ISAKMP_POLICY)) limits(policy, data.get());
    }
    if (unknown == 0) return;
    add(
        Effect.NOTE,
        Code.UNKNOWN_BYTES,
        policy,
        "",
        unknown
            + " bytes that nobody knows, in "
            + objects
            + (objects == 1 ? " object," : " objects,")
            + " stay behind");
  }

  private void limits(IpsecPolicy policy, byte[] mainMode) {
    try {
      for (String limit : MsLeftovers.limits(mainMode)) {
        add(Effect.CHANGED, Code.MAIN_MODE_LIMITS, policy, "main mode", limit);
      }
    } catch (IllegalArgumentException e) {
      // unreadable: then the policy did not come from it
    }
  }

  private static String shown(IpsecRule rule) {
    return "rule " + (rule.name().isBlank() ? rule.id() : "'" + rule.name() + "'");
  }

  private void add(Effect effect, Code code, IpsecPolicy policy, String object, String detail) {
    String name = policy.name().isBlank() ? policy.id() : policy.name();
    findings.add(new Finding(effect, code, name, object, detail));
  }
}
