package dev.reeve.model.ipsec;

import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/// Any policy the model can hold.
final class RandomPolicies {

  private final Random random;

  RandomPolicies(long seed) {
    this.random = new Random(seed);
  }

  IpsecPolicy policy() {
    return new IpsecPolicy(
        id(),
        text(),
        text(),
        seconds(),
        new MainMode(random.nextBoolean(), random.nextInt(100), seconds(), some(1, this::proposal)),
        some(0, this::rule));
  }

  private IpsecRule rule() {
    FilterAction action =
        switch (random.nextInt(4)) {
          case 0 -> new FilterAction.Permit(text());
          case 1 -> new FilterAction.Block(text());
          default ->
              new Negotiate(
                  text(), some(1, this::offer), random.nextBoolean(), random.nextBoolean());
        };
    boolean negotiates = action instanceof Negotiate;
    return new IpsecRule(
        id(),
        text(),
        text(),
        random.nextBoolean(),
        negotiates && random.nextInt(5) == 0
            ? Optional.empty()
            : Optional.of(new FilterList(id(), text(), text(), some(0, this::filter))),
        action,
        some(negotiates ? 1 : 0, this::authentication),
        random.nextBoolean() ? Optional.empty() : Optional.of(tunnel()),
        any(NetworkType.values()));
  }

  private TunnelEndpoint tunnel() {
    if (random.nextInt(4) == 0) return TunnelEndpoint.Me.ME;
    return random.nextBoolean()
        ? new TunnelEndpoint.Address(address())
        : new TunnelEndpoint.Name(new AddressSpec.Name("gw-" + random.nextInt(9) + ".example"));
  }

  private Filter filter() {
    var protocol = random.nextBoolean() ? IpProtocol.TCP : new IpProtocol(random.nextInt(256));
    return new Filter(
        end(),
        end(),
        protocol,
        protocol.hasPorts() ? ports() : PortRange.ANY,
        protocol.hasPorts() ? ports() : PortRange.ANY,
        random.nextBoolean(),
        text());
  }

  private AddressSpec end() {
    return switch (random.nextInt(6)) {
      case 0 -> AddressSpec.Me.ME;
      case 1 -> AddressSpec.Any.ANY;
      case 2 -> any(AddressSpec.Servers.values());
      case 3 -> new AddressSpec.Name("host_" + random.nextInt(9) + ".Corp.example");
      case 4 -> {
        IpAddress address = address();
        int length = random.nextInt(address.family().bits() + 1);
        yield new AddressSpec.Subnet(IpPrefix.containing(address, length));
      }
      default -> {
        IpAddress one = address();
        IpAddress other = address();
        while (other.family() != one.family()) other = address();
        boolean rising = one.compareTo(other) <= 0;
        yield new AddressSpec.Range(
            rising ? new AddressRange(one, other) : new AddressRange(other, one));
      }
    };
  }

  private IpAddress address() {
    return random.nextBoolean()
        ? IpAddress.v4(random.nextInt())
        : IpAddress.v6(random.nextLong(), random.nextBoolean() ? 0 : random.nextLong());
  }

  private PortRange ports() {
    int first = random.nextInt(65536);
    return random.nextInt(3) == 0
        ? PortRange.ANY
        : new PortRange(first, first + random.nextInt(65536 - first));
  }

  private MainModeProposal proposal() {
    return new MainModeProposal(
        any(Encryption.values()), any(Integrity.values()), any(DhGroup.values()));
  }

  private QuickModeOffer offer() {
    Encryption encryption = any(Encryption.values());
    Integrity integrity = encryption.isAead() ? Integrity.NONE : Integrity.SHA256;
    boolean ah = random.nextInt(3) == 0;
    return new QuickModeOffer(
        ah && random.nextBoolean() ? Optional.empty() : Optional.of(new Esp(encryption, integrity)),
        ah ? Optional.of(Integrity.SHA1) : Optional.empty(),
        seconds(),
        1 + random.nextInt(Integer.MAX_VALUE),
        switch (random.nextInt(3)) {
          case 0 -> PerfectForwardSecrecy.None.NONE;
          case 1 -> PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP;
          default -> new PerfectForwardSecrecy.Group(any(DhGroup.values()));
        });
  }

  private AuthMethod authentication() {
    return switch (random.nextInt(3)) {
      case 0 -> AuthMethod.Kerberos.KERBEROS;
      case 1 ->
          new AuthMethod.Certificate(
              "CN=" + text() + "x", random.nextBoolean(), random.nextBoolean());
      default -> {
        byte[] sealed = new byte[1 + random.nextInt(60)];
        random.nextBytes(sealed);
        yield new AuthMethod.PreSharedKey(SealedSecret.ofBytes(sealed));
      }
    };
  }

  private Duration seconds() {
    return Duration.ofSeconds(
        random.nextInt(4) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(90_000));
  }

  private String id() {
    var id = new UUID(random.nextLong(), random.nextLong());
    return "{" + id.toString().toUpperCase(Locale.ROOT) + "}";
  }

  private String text() {
    return any(new String[] {"", "Web", "Büro \"A\"", "a\\b", "東京", "😀", "line\nbreak", " x "});
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> List<T> some(int least, Supplier<T> make) {
    var list = new ArrayList<T>();
    for (int i = least + random.nextInt(3); i > 0; i--) list.add(make.get());
    return list;
  }
}
