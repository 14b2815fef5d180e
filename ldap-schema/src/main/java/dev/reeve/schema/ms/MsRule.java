package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.net.IpAddress;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// `ipsecNFA`: a rule. Windows Vista and later append an extension that repeats the authentication
/// methods, gives each certificate its flags and may hold an IPv6 tunnel endpoint. The plain list
/// of methods counts; flags and endpoint come from the extension.
final class MsRule {

  static final String TYPE = "{11BBAC00-498D-11D1-8639-00A0248D3021}";
  private static final String VERSION_INFORMATION = "{6A1F5C6F-72B7-11D2-ACF0-0060B0ECCA17}";
  static final int BODY = 20; // where the bytes begin that the data length counts

  static final byte[] METHODS = marker(1);
  static final byte[] FLAGS = marker(2);
  static final byte[] IPV6_ENDPOINT = marker(3);

  static final long FLAG_ACCOUNT_MAPPING = 1;
  static final long FLAG_EXCLUDE_AUTHORITY = 2;
  static final long NO_FLAGS = 0;

  private final Bytes in;
  private final SecretSealer sealer;

  private MsRule(Bytes in, SecretSealer sealer) {
    this.in = in;
    this.sealer = sealer;
  }

  static IpsecObject read(Bytes in, SecretSealer sealer) {
    if (in.from(0, "type").guid("type").equals(VERSION_INFORMATION))
      return IpsecObject.VersionInformation.VERSION_INFORMATION;
    return new MsRule(in, sealer).read();
  }

  private RulePart read() {
    long length = MsIpsecData.header(in, TYPE, "a rule");
    List<AuthMethod> methods = methods();
    NetworkType network = networkType();
    int atInterface = in.at();
    if (!in.text("interface name").isEmpty()) {
      throw new MalformedDataException(
          atInterface, "the name of an interface", "none: rules are for kinds of interfaces");
    }
    IpAddress address = in.v4("tunnel endpoint");
    boolean isTunnel = in.u32("is tunnel") != 0;
    boolean active = in.u32("is active") != 0;
    int atName = in.at();
    String name = in.text("tunnel endpoint name");
    var ends = new ArrayList<Integer>(List.of(in.at()));

    List<Long> flags = List.of();
    Optional<IpAddress> v6 = Optional.empty();
    if (in.startsWith(METHODS)) {
      skipMethods();
      ends.add(in.at());
      if (in.startsWith(FLAGS)) flags = flags();
      if (in.startsWith(IPV6_ENDPOINT)) v6 = Optional.of(endpoint());
      ends.add(in.at());
    }
    MsIpsecData.end(in);
    if (ends.stream().noneMatch(end -> end - BODY == length)) {
      throw new MalformedDataException(
          16, "data length " + length, String.valueOf(ends.getFirst() - BODY));
    }
    Optional<TunnelEndpoint> tunnel =
        isTunnel ? Optional.of(tunnel(atName, name, v6.orElse(address))) : Optional.empty();
    return new RulePart(withFlags(methods, flags), network, active, tunnel);
  }

  private List<AuthMethod> methods() {
    int count = in.count(8, "authentication methods");
    var methods = new ArrayList<AuthMethod>();
    for (int i = 0; i < count; i++) methods.add(method());
    return methods;
  }

  private AuthMethod method() {
    int at = in.at();
    long type = in.u32("authentication method");
    return switch ((int) type) {
      case 1 -> preSharedKey(at);
      case 3 ->
          Bytes.checked(
              at, () -> new AuthMethod.Certificate(in.text("certificate authority"), false, false));
      case 5 -> {
        String unused = in.text("Kerberos data");
        yield AuthMethod.Kerberos.KERBEROS;
      }
      default ->
          throw new MalformedDataException(
              at, "authentication method " + type, "1 (key), 3 (certificate) or 5 (Kerberos)");
    };
  }

  private AuthMethod preSharedKey(int at) {
    byte[] key = in.secret("pre-shared key");
    try {
      if (key.length == 0) throw new MalformedDataException(at, "an empty key", "a pre-shared key");
      SealedSecret sealed = sealer.seal(key);
      return new AuthMethod.PreSharedKey(sealed);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private NetworkType networkType() {
    int at = in.at();
    long number = in.u32("interface type");
    return switch ((int) number) {
      case -3 -> NetworkType.ALL;
      case -2 -> NetworkType.LAN;
      case -1 -> NetworkType.REMOTE;
      default ->
          throw new MalformedDataException(
              at, "interface type 0x" + Long.toHexString(number), "0xfffffffd..0xffffffff");
    };
  }

  private void skipMethods() {
    in.pass(METHODS.length, "marker");
    int count = in.count(8, "authentication methods of the extension");
    for (int i = 0; i < count; i++) {
      in.pass(4, "authentication method");
      in.pass(in.count(1, "bytes of an authentication method"), "authentication method");
    }
  }

  private List<Long> flags() {
    in.pass(FLAGS.length, "marker");
    int count = in.count(4, "flags");
    var flags = new ArrayList<Long>();
    for (int i = 0; i < count; i++) {
      int at = in.at();
      long flag = in.u32("flag");
      if (flag > (FLAG_ACCOUNT_MAPPING | FLAG_EXCLUDE_AUTHORITY)) {
        throw new MalformedDataException(at, "flags " + flag, "0..3");
      }
      flags.add(flag);
    }
    return flags;
  }

  private IpAddress endpoint() {
    in.pass(IPV6_ENDPOINT.length, "marker");
    return IpAddress.ofBytes(in.take(16, "IPv6 tunnel endpoint"));
  }

  private static TunnelEndpoint tunnel(int at, String name, IpAddress address) {
    if (!name.isEmpty()) {
      return Bytes.checked(at, () -> new TunnelEndpoint.Name(new AddressSpec.Name(name)));
    }
    if (address.high() == 0 && address.low() == 0) {
      throw new MalformedDataException(at, "a tunnel without an endpoint", "an address or a name");
    }
    return new TunnelEndpoint.Address(address);
  }

  private static List<AuthMethod> withFlags(List<AuthMethod> methods, List<Long> flags) {
    var result = new ArrayList<AuthMethod>();
    for (int i = 0; i < methods.size(); i++) {
      long flag = i < flags.size() ? flags.get(i) : NO_FLAGS;
      result.add(
          methods.get(i) instanceof AuthMethod.Certificate(var authority, _, _)
              ? new AuthMethod.Certificate(
                  authority,
                  (flag & FLAG_ACCOUNT_MAPPING) != 0,
                  (flag & FLAG_EXCLUDE_AUTHORITY) != 0)
              : methods.get(i));
    }
    return result;
  }

  private static byte[] marker(int last) {
    var marker = new byte[16];
    Arrays.fill(marker, (byte) 1);
    marker[15] = (byte) last;
    return marker;
  }
}
