package dev.reeve.schema.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Code;
import dev.reeve.schema.ms.FilterForm;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.schema.write.MsCarrier;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// For each code, something that it is said of. A new code does not compile until it has one.
class FindingCodesTest {

  private static final Dn DOMAIN = Dn.parse("DC=corp,DC=example");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final MainModeProposal OLD =
      new MainModeProposal(Encryption.DES3, Integrity.SHA1, DhGroup.MODP1024);
  private static final MainModeProposal NEW =
      new MainModeProposal(Encryption.AES256, Integrity.SHA256, DhGroup.ECP256);
  private static final AuthMethod KEY =
      new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));

  @ParameterizedTest
  @EnumSource(Code.class)
  void every_code_is_said_of_something(Code code) throws IOException {
    assertThat(findings(code)).extracting(Finding::code).contains(code);
  }

  private static List<Finding> findings(Code code) throws IOException {
    return switch (code) {
      case ALGORITHM -> carried(policy(List.of(OLD, NEW), List.of(rule())));
      case NO_PROPOSAL_LEFT -> carried(policy(List.of(NEW), List.of(rule())));
      case MAIN_MODE_UNUSED ->
          carried(policy(List.of(NEW), List.of(rule(new FilterAction.Block("")))));
      case AMBIGUOUS_ALGORITHM -> carried(offer(Encryption.DES, 1000));
      case NO_OFFER_LEFT -> carried(offer(Encryption.AES256, 1000));
      case KILOBYTES -> carried(offer(Encryption.DES3, 1L << 33));
      case PFS_GROUP ->
          carried(offer(Encryption.DES3, 1000, new PerfectForwardSecrecy.Group(DhGroup.MODP1024)));
      case NO_AUTHENTICATION_LEFT, PRE_SHARED_KEY ->
          carried(authenticated(KEY), FilterForm.B, _ -> false);
      case SECRET_READABLE -> carried(authenticated(KEY), FilterForm.B, _ -> true);
      case TEXT -> carried(filtered(AddressSpec.Any.ANY, "a\0b"));
      case DNS_NAME -> carried(filtered(new AddressSpec.Name("db.corp.example"), ""));
      case FILTER ->
          carried(
              policy(
                  List.of(OLD),
                  List.of(
                      filtered(
                          new AddressSpec.Subnet(IpPrefix.of(IpAddress.parse("fd00::1"))), ""))),
              FilterForm.A,
              _ -> true);
      case TUNNEL_ENDPOINT -> carried(tunnelled(TunnelEndpoint.Me.ME));
      case NO_RULE -> carried(policy(List.of(OLD), List.of()));
      case OBJECT_ID ->
          toReeve(
              List.of(
                  policy(List.of(OLD), List.of(rule())), policy(List.of(OLD), List.of(rule()))));
      case MAIN_MODE_LIMITS -> toReeve(freshDomain(84 + 52));
      case UNKNOWN_BYTES -> toReeve(freshDomain(36));
      case UNREADABLE -> Policies.read(freshDomain(0), new Keys()).findings();
      case UNREFERENCED ->
          Policies.read(
                  freshDomain(36).stream().filter(e -> !e.isA(LdapClass.IPSEC_POLICY)).toList(),
                  new Keys())
              .findings();
      case VERSION_INFORMATION -> Policies.read(freshDomain(36), new Keys()).findings();
    };
  }

  private static List<Finding> carried(IpsecRule rule) {
    return carried(policy(List.of(OLD), List.of(rule)));
  }

  private static List<Finding> carried(IpsecPolicy policy) {
    return carried(policy, FilterForm.B, _ -> true);
  }

  private static List<Finding> carried(
      IpsecRule rule, FilterForm form, Predicate<SealedSecret> canOpen) {
    return carried(policy(List.of(OLD), List.of(rule)), form, canOpen);
  }

  private static List<Finding> carried(
      IpsecPolicy policy, FilterForm form, Predicate<SealedSecret> canOpen) {
    return MsCarrier.carry(policy, form, canOpen).findings();
  }

  private static List<Finding> toReeve(List<IpsecPolicy> policies) {
    return Exchange.toReeve(
            new Policies(policies, List.of(), Optional.empty(), List.of()), DOMAIN, Optional::of)
        .findings();
  }

  private static List<Finding> toReeve(ArrayList<LdapEntry> objects) {
    return Exchange.toReeve(Policies.read(objects, new Keys()), DOMAIN, Optional::of).findings();
  }

  /// @param at this byte of each main mode is another
  private static ArrayList<LdapEntry> freshDomain(int at) throws IOException {
    var changed = new ArrayList<LdapEntry>();
    try (InputStream in =
        FindingCodesTest.class.getResourceAsStream("/ms/samba-provision-ipsec.ldif")) {
      for (LdapEntry entry : LdifFile.parse(Objects.requireNonNull(in).readAllBytes()).entries()) {
        var copy = LdapEntry.named(entry.dn());
        for (LdapAttribute attribute : LdapAttribute.values())
          for (byte[] value : entry.bytes(attribute)) {
            if (attribute == LdapAttribute.IPSEC_DATA && entry.isA(LdapClass.IPSEC_ISAKMP_POLICY))
              value[at] ^= 1;
            copy.add(attribute, value);
          }
        changed.add(copy.build());
      }
    }
    return changed;
  }

  private static IpsecPolicy policy(List<MainModeProposal> proposals, List<IpsecRule> rules) {
    return new IpsecPolicy("{P}", "P", "", HOUR, new MainMode(false, 0, HOUR, proposals), rules);
  }

  private static IpsecRule rule() {
    return offer(Encryption.DES3, 1000);
  }

  private static IpsecRule offer(Encryption encryption, long kilobytes) {
    return offer(encryption, kilobytes, PerfectForwardSecrecy.None.NONE);
  }

  private static IpsecRule offer(Encryption encryption, long kilobytes, PerfectForwardSecrecy pfs) {
    return rule(negotiate(encryption, kilobytes, pfs));
  }

  private static FilterAction negotiate(
      Encryption encryption, long kilobytes, PerfectForwardSecrecy pfs) {
    var esp = new Esp(encryption, Integrity.SHA1);
    var offer = new QuickModeOffer(Optional.of(esp), Optional.empty(), HOUR, kilobytes, pfs);
    return new FilterAction.Negotiate("", List.of(offer), false, false);
  }

  private static IpsecRule rule(FilterAction action) {
    return rule(
        filters(AddressSpec.Any.ANY, ""), action, AuthMethod.Kerberos.KERBEROS, Optional.empty());
  }

  private static IpsecRule authenticated(AuthMethod method) {
    return rule(
        filters(AddressSpec.Any.ANY, ""),
        negotiate(Encryption.DES3, 1000, PerfectForwardSecrecy.None.NONE),
        method,
        Optional.empty());
  }

  private static IpsecRule filtered(AddressSpec destination, String description) {
    return rule(
        filters(destination, description),
        negotiate(Encryption.DES3, 1000, PerfectForwardSecrecy.None.NONE),
        AuthMethod.Kerberos.KERBEROS,
        Optional.empty());
  }

  private static IpsecRule tunnelled(TunnelEndpoint endpoint) {
    return rule(
        filters(AddressSpec.Any.ANY, ""),
        negotiate(Encryption.DES3, 1000, PerfectForwardSecrecy.None.NONE),
        AuthMethod.Kerberos.KERBEROS,
        Optional.of(endpoint));
  }

  private static FilterList filters(AddressSpec destination, String description) {
    var filter =
        new Filter(
            AddressSpec.Me.ME,
            destination,
            IpProtocol.ANY,
            PortRange.ANY,
            PortRange.ANY,
            true,
            description);
    return new FilterList("{F}", "F", "", List.of(filter));
  }

  private static IpsecRule rule(
      FilterList filters, FilterAction action, AuthMethod method, Optional<TunnelEndpoint> tunnel) {
    return new IpsecRule(
        "{R}",
        "R",
        "",
        true,
        Optional.of(filters),
        action,
        List.of(method),
        tunnel,
        NetworkType.ALL);
  }
}
