package dev.reeve.schema.write;

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
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/// Policies that use every corner of the model. The same seed gives the same policy.
public final class RandomPolicies {

  private final Random random;
  private final List<Encryption> ciphers;
  private final List<Integrity> hashes;
  private final List<DhGroup> groups;

  public RandomPolicies(long seed) {
    this(
        seed,
        List.of(Encryption.values()),
        List.of(Integrity.MD5, Integrity.SHA1, Integrity.SHA256, Integrity.SHA512),
        List.of(DhGroup.values()));
  }

  private RandomPolicies(
      long seed, List<Encryption> ciphers, List<Integrity> hashes, List<DhGroup> groups) {
    this.random = new Random(seed);
    this.ciphers = ciphers;
    this.hashes = hashes;
    this.groups = groups;
  }

  /// Policies of the time when Windows 2000 was new, in one of four with something modern.
  public static RandomPolicies old(long seed) {
    var ciphers =
        new ArrayList<>(List.of(Encryption.NULL, Encryption.DES, Encryption.DES3, Encryption.DES3));
    var hashes = new ArrayList<>(List.of(Integrity.MD5, Integrity.SHA1, Integrity.SHA1));
    var groups = new ArrayList<>(List.of(DhGroup.MODP768, DhGroup.MODP1024, DhGroup.MODP2048));
    if (seed % 4 == 0) {
      ciphers.add(Encryption.AES256);
      hashes.add(Integrity.SHA256);
      groups.add(DhGroup.ECP256);
    }
    return new RandomPolicies(seed, ciphers, hashes, groups);
  }

  public IpsecPolicy policy() {
    List<FilterList> lists = listOf(1, 4, this::filterList);
    var rules = new ArrayList<>(listOf(1, 6, () -> rule(lists)));
    rules.sort(Comparator.comparing(IpsecRule::id)); // their order means nothing
    return new IpsecPolicy(id(), text(), text(), seconds(), mainMode(), rules);
  }

  private IpsecRule rule(List<FilterList> lists) {
    Optional<FilterList> filters = maybe(() -> oneOf(lists));
    FilterAction action = filters.isPresent() ? action() : negotiate();
    int methods = action instanceof FilterAction.Negotiate ? 1 : 0;
    return new IpsecRule(
        id(),
        text(),
        text(),
        random.nextBoolean(),
        filters,
        action,
        listOf(methods, 3, this::authMethod),
        maybe(this::tunnel),
        oneOf(NetworkType.values()));
  }

  private FilterAction action() {
    return switch (random.nextInt(3)) {
      case 0 -> new FilterAction.Permit(text());
      case 1 -> new FilterAction.Block(text());
      default -> negotiate();
    };
  }

  private FilterAction negotiate() {
    return new FilterAction.Negotiate(
        text(), listOf(1, 4, this::offer), random.nextBoolean(), random.nextBoolean());
  }

  private QuickModeOffer offer() {
    Optional<Integrity> ah = maybe(() -> oneOf(hashes));
    Optional<Esp> esp =
        ah.isEmpty() || random.nextBoolean() ? Optional.of(esp()) : Optional.empty();
    return new QuickModeOffer(esp, ah, seconds(), 1 + random.nextInt(1 << 30), pfs());
  }

  private Esp esp() {
    Encryption encryption = oneOf(ciphers);
    if (encryption.isAead()) return new Esp(encryption, Integrity.NONE);
    return new Esp(encryption, oneOf(hashes));
  }

  private PerfectForwardSecrecy pfs() {
    return switch (random.nextInt(3)) {
      case 0 -> PerfectForwardSecrecy.None.NONE;
      case 1 -> PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP;
      default -> new PerfectForwardSecrecy.Group(oneOf(groups));
    };
  }

  private MainMode mainMode() {
    return new MainMode(
        random.nextBoolean(), random.nextInt(100), seconds(), listOf(1, 4, this::proposal));
  }

  private MainModeProposal proposal() {
    return new MainModeProposal(oneOf(ciphers), oneOf(hashes), oneOf(groups));
  }

  private AuthMethod authMethod() {
    return switch (random.nextInt(3)) {
      case 0 -> AuthMethod.Kerberos.KERBEROS;
      case 1 ->
          new AuthMethod.Certificate(
              "CN=" + text() + "x", random.nextBoolean(), random.nextBoolean());
      default -> {
        var sealed = new byte[1 + random.nextInt(60)];
        random.nextBytes(sealed);
        yield new AuthMethod.PreSharedKey(SealedSecret.ofBytes(sealed));
      }
    };
  }

  private TunnelEndpoint tunnel() {
    return random.nextBoolean()
        ? new TunnelEndpoint.Address(address(random.nextBoolean()))
        : new TunnelEndpoint.Name(new AddressSpec.Name("gw" + random.nextInt(9) + ".corp.example"));
  }

  private FilterList filterList() {
    return new FilterList(id(), text(), text(), listOf(0, 8, this::filter));
  }

  private Filter filter() {
    IpProtocol protocol =
        oneOf(IpProtocol.ANY, IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, new IpProtocol(89));
    return new Filter(
        spec(),
        spec(),
        protocol,
        protocol.hasPorts() ? ports() : PortRange.ANY,
        protocol.hasPorts() ? ports() : PortRange.ANY,
        random.nextBoolean(),
        text());
  }

  private PortRange ports() {
    int first = random.nextInt(65_536);
    return random.nextInt(3) == 0
        ? PortRange.ANY
        : new PortRange(first, first + random.nextInt(65_536 - first));
  }

  private AddressSpec spec() {
    boolean v4 = random.nextBoolean();
    return switch (random.nextInt(7)) {
      case 0 -> AddressSpec.Me.ME;
      case 1 -> AddressSpec.Any.ANY;
      case 2 -> new AddressSpec.Subnet(IpPrefix.of(address(v4)));
      case 3 ->
          new AddressSpec.Subnet(IpPrefix.containing(address(v4), random.nextInt(v4 ? 33 : 129)));
      case 4 -> {
        IpAddress a = address(v4);
        IpAddress b = address(v4);
        yield new AddressSpec.Range(
            a.compareTo(b) <= 0 ? new AddressRange(a, b) : new AddressRange(b, a));
      }
      case 5 -> oneOf(AddressSpec.Servers.values());
      default -> new AddressSpec.Name("host" + random.nextInt(99) + ".corp.example");
    };
  }

  private IpAddress address(boolean v4) {
    return v4 ? IpAddress.v4(random.nextInt()) : IpAddress.v6(random.nextLong(), random.nextLong());
  }

  private Duration seconds() {
    return Duration.ofSeconds(1 + random.nextInt(1_000_000));
  }

  private String id() {
    return "{"
        + new UUID(random.nextLong(), random.nextLong()).toString().toUpperCase(Locale.ROOT)
        + "}";
  }

  private String text() {
    var text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++)
      text.append(oneOf("a", "Z", "0", " ", ",", "\"", "\\", "ü", "日", "🔒", "\n", "{"));
    return text.toString();
  }

  private <T> Optional<T> maybe(Supplier<T> make) {
    return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(make.get());
  }

  private <T> List<T> listOf(int least, int most, Supplier<T> make) {
    var list = new ArrayList<T>();
    int size = least + random.nextInt(most - least + 1);
    for (int i = 0; i < size; i++) list.add(make.get());
    return list;
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @SafeVarargs
  private <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
