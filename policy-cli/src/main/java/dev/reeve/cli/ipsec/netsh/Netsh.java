package dev.reeve.cli.ipsec.netsh;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The values of `netsh ipsec`, with the algorithms of today beside Microsoft's own. All throw
/// [IllegalArgumentException] that says what was found and what was expected.
public final class Netsh {

  private static final Set<String> AUTHENTICATION = Set.of("kerberos", "psk", "rootca");
  private static final Pattern OFFER =
      Pattern.compile(
          "(?:(?<ah>AH)\\[(?<ahhash>[^],]+)])?(?:\\+)?(?:(?<esp>ESP)\\[(?<cipher>[^],]+)(?:,(?<hash>[^]]+))?])?"
              + "(?::(?<k>[0-9]{1,9})k/(?<s>[0-9]{1,9})s)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CERTIFICATE =
      Pattern.compile(
          "(?<name>.+?)(?:\\s+certmap:(?<map>yes|no))?(?:\\s+excludecaname:(?<exclude>yes|no))?",
          Pattern.CASE_INSENSITIVE);

  private Netsh() {}

  public static boolean yes(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "yes", "y" -> true;
      case "no", "n" -> false;
      default -> throw wrong(text, "yes or no");
    };
  }

  private static IllegalArgumentException wrong(String found, String wanted) {
    return new IllegalArgumentException("found '" + found + "', expected " + wanted);
  }

  public static int number(String text, int least, int most) {
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (least <= number && number <= most) return number;
    }
    throw wrong(text, least + ".." + most);
  }

  /// `3DES-SHA1-2 AES256-SHA256-ECP256`, most preferred first.
  public static List<MainModeProposal> mainModeMethods(String text) {
    var proposals = new ArrayList<MainModeProposal>();
    for (String word : words(text)) {
      String[] parts = word.split("-");
      if (parts.length != 3) throw wrong(word, "CIPHER-HASH-GROUP, as in AES256-SHA256-ECP256");
      proposals.add(new MainModeProposal(cipher(parts[0]), hash(parts[1]), group(parts[2])));
    }
    return proposals;
  }

  /// `ESP[AES256,SHA256]:100000k/3600s AH[SHA1]`, most preferred first.
  public static List<QuickModeOffer> quickModeMethods(String text, PerfectForwardSecrecy pfs) {
    var offers = new ArrayList<QuickModeOffer>();
    for (String word : words(text)) {
      Matcher parts = OFFER.matcher(word);
      boolean good = parts.matches() && (parts.group("ah") != null || parts.group("esp") != null);
      if (!good) {
        throw wrong(
            word,
            "ESP[CIPHER,HASH]:KILOBYTESk/SECONDSs, AH[HASH]:… or AH[HASH]+ESP[CIPHER,HASH]:…, as in"
                + " ESP[AES256,SHA256]:100000k/3600s");
      }
      offers.add(offer(parts, pfs));
    }
    return offers;
  }

  private static QuickModeOffer offer(Matcher parts, PerfectForwardSecrecy pfs) {
    Optional<Integrity> ah = Optional.ofNullable(parts.group("ahhash")).map(Netsh::hash);
    Optional<Esp> esp =
        Optional.ofNullable(parts.group("cipher"))
            .map(Netsh::cipher)
            .map(cipher ->
                new Esp(
                    cipher,
                    Optional.ofNullable(parts.group("hash"))
                        .map(Netsh::hash)
                        .orElse(Integrity.NONE)));
    Duration lifetime =
        Optional.ofNullable(parts.group("s"))
            .map(s -> Duration.ofSeconds(Long.parseLong(s)))
            .orElse(QuickModeOffer.DEFAULT_LIFETIME);
    long kilobytes =
        Optional.ofNullable(parts.group("k"))
            .map(Long::parseLong)
            .orElse(QuickModeOffer.DEFAULT_KILOBYTES);
    return new QuickModeOffer(esp, ah, lifetime, kilobytes, pfs);
  }

  private static List<String> words(String text) {
    List<String> words =
        Arrays.stream(text.strip().split("\\s+")).filter(w -> !w.isEmpty()).toList();
    if (words.isEmpty()) throw wrong(text, "at least one");
    return words;
  }

  private static Encryption cipher(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "NONE" -> Encryption.NULL;
      case "DES" -> Encryption.DES;
      case "3DES" -> Encryption.DES3;
      case "AES", "AES128" -> Encryption.AES128;
      case "AES192" -> Encryption.AES192;
      case "AES256" -> Encryption.AES256;
      case "AES128GCM", "AESGCM128" -> Encryption.AES128_GCM;
      case "AES256GCM", "AESGCM256" -> Encryption.AES256_GCM;
      case "CHACHA20POLY1305" -> Encryption.CHACHA20_POLY1305;
      default ->
          throw wrong(
              text,
              "DES, 3DES, AES128, AES192, AES256, AES128GCM, AES256GCM, CHACHA20POLY1305 or None");
    };
  }

  private static Integrity hash(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "NONE" -> Integrity.NONE;
      case "MD5" -> Integrity.MD5;
      case "SHA1" -> Integrity.SHA1;
      case "SHA256" -> Integrity.SHA256;
      case "SHA384" -> Integrity.SHA384;
      case "SHA512" -> Integrity.SHA512;
      default -> throw wrong(text, "MD5, SHA1, SHA256, SHA384, SHA512 or None");
    };
  }

  /// Microsoft's 1, 2 and 3, the numbers of IKE, or names.
  private static DhGroup group(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "1" -> DhGroup.MODP768;
      case "2" -> DhGroup.MODP1024;
      case "3", "14", "DH2048" -> DhGroup.MODP2048;
      case "15" -> DhGroup.MODP3072;
      case "16" -> DhGroup.MODP4096;
      case "19", "ECP256" -> DhGroup.ECP256;
      case "20", "ECP384" -> DhGroup.ECP384;
      case "21", "ECP521" -> DhGroup.ECP521;
      case "31", "CURVE25519" -> DhGroup.CURVE25519;
      default ->
          throw wrong(
              text,
              "1 (768 bits), 2 (1024), 3 (2048), 14, 15, 16, ECP256, ECP384, ECP521 or CURVE25519");
    };
  }

  public static PerfectForwardSecrecy pfsGroup(String text) {
    String group = text.toUpperCase(Locale.ROOT);
    if (group.equals("NOPFS")) return PerfectForwardSecrecy.None.NONE;
    if (group.equals("GRPMM")) return PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP;
    if (group.startsWith("GRP")) {
      try {
        return new PerfectForwardSecrecy.Group(group(group.substring(3)));
      } catch (IllegalArgumentException e) {
        // said below
      }
    }
    throw wrong(text, "NOPFS, GRPMM or GRP with a group: GRP1, GRP2, GRP3, GRPECP256, …");
  }

  /// @param mask a mask or a prefix length, for an address
  public static AddressSpec address(String text, Optional<String> mask) {
    String word = text.toLowerCase(Locale.ROOT);
    boolean named = List.of("me", "any", "dns", "wins", "dhcp", "gateway").contains(word);
    boolean plain = IpAddress.find(text).isPresent();
    if (mask.isPresent() && !plain) {
      throw new IllegalArgumentException(
          "a mask goes with one address only, found '" + text + "' with mask " + mask.get());
    }
    if (mask.isPresent()) {
      IpAddress address = IpAddress.find(text).orElseThrow();
      return new AddressSpec.Subnet(IpPrefix.containing(address, length(mask.get(), address)));
    }
    if (named) return AddressSpec.parse(word);
    boolean address =
        plain || text.indexOf('/') >= 0 || text.matches("[0-9A-Fa-f.:]+-[0-9A-Fa-f.:]+");
    return AddressSpec.parse(address ? text : "name:" + text);
  }

  private static int length(String mask, IpAddress of) {
    int bits = of.family().bits();
    if (mask.matches("[0-9]{1,3}")) return number(mask, 0, bits);
    IpAddress address =
        IpAddress.find(mask).orElseThrow(() -> wrong(mask, "a mask or a prefix length"));
    for (int length = 0; length <= 32; length++) {
      long ones = length == 0 ? 0 : 0xffff_ffffL << (32 - length) & 0xffff_ffffL;
      String text =
          "%d.%d.%d.%d".formatted(ones >>> 24, ones >>> 16 & 255, ones >>> 8 & 255, ones & 255);
      if (address.equals(IpAddress.parse(text))) return length;
    }
    throw wrong(mask, "a mask whose ones stand in front");
  }

  public static IpProtocol protocol(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    return word.equals("raw") ? IpProtocol.parse("255") : IpProtocol.parse(word);
  }

  /// 0 for any; also a range.
  public static PortRange ports(String text) {
    return text.equals("0") ? PortRange.ANY : PortRange.parse(text);
  }

  public static NetworkType connections(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "all" -> NetworkType.ALL;
      case "lan" -> NetworkType.LAN;
      case "dialup", "remote" -> NetworkType.REMOTE;
      default -> throw wrong(text, "lan, dialup or all");
    };
  }

  public static TunnelEndpoint tunnel(String text) {
    if (text.equalsIgnoreCase("me")) return TunnelEndpoint.Me.ME;
    return TunnelEndpoint.parse(IpAddress.find(text).isPresent() ? text : "name:" + text);
  }

  /// From `srcaddr`, `dstaddr`, `protocol`, `srcport`, `dstport`, `mirrored` and the masks.
  public static Filter filter(Tags tags) {
    AddressSpec source = tags.get("srcaddr", text -> address(text, tags.find("srcmask")));
    AddressSpec destination = tags.get("dstaddr", text -> address(text, tags.find("dstmask")));
    IpProtocol protocol = tags.find("protocol", Netsh::protocol).orElse(IpProtocol.ANY);
    PortRange sourcePorts = tags.find("srcport", Netsh::ports).orElse(PortRange.ANY);
    PortRange destinationPorts = tags.find("dstport", Netsh::ports).orElse(PortRange.ANY);
    boolean mirrored = tags.find("mirrored", Netsh::yes).orElse(true);
    return tags.parsed(
        "filter",
        tags.find("description").orElse(""),
        description ->
            new Filter(
                source,
                destination,
                protocol,
                sourcePorts,
                destinationPorts,
                mirrored,
                description));
  }

  /// `kerberos=yes`, `psk=…`, `rootca="…"`, in the order given.
  ///
  /// @param seal what becomes of a pre-shared key
  /// @param negotiates whether one is needed
  /// @return empty when nothing is said of it
  /// @throws IllegalArgumentException also when what is said leaves none where one is needed
  public static Optional<List<AuthMethod>> authentication(
      Tags tags, Function<String, AuthMethod> seal, boolean negotiates) {
    var methods = new ArrayList<AuthMethod>();
    boolean said = false;
    for (Tags.Tag tag : tags.given()) {
      said |= AUTHENTICATION.contains(tag.name());
      switch (tag.name()) {
        case "kerberos" -> {
          if (tags.parsed("kerberos", tag.value(), Netsh::yes)) {
            methods.add(AuthMethod.Kerberos.KERBEROS);
          }
        }
        case "psk" -> methods.add(tags.parsed("psk", tag.value(), seal));
        case "rootca" -> methods.add(tags.parsed("rootca", tag.value(), Netsh::certificate));
        default -> {}
      }
    }
    if (said && methods.isEmpty() && negotiates) {
      throw new IllegalArgumentException(
          "kerberos=no leaves no way to authenticate: give psk= or rootca= instead");
    }
    return said ? Optional.of(methods) : Optional.empty();
  }

  private static AuthMethod certificate(String text) {
    Matcher parts = CERTIFICATE.matcher(text.strip().replace("\\'", "\""));
    if (!parts.matches()) throw wrong(text, "a CA's name");
    return new AuthMethod.Certificate(
        parts.group("name"), isYes(parts.group("map")), isYes(parts.group("exclude")));
  }

  private static boolean isYes(@org.jspecify.annotations.Nullable String text) {
    return text != null && yes(text);
  }

  /// The properties of `set config`.
  public static HostSetting property(String text) {
    return Arrays.stream(HostSetting.values())
        .filter(Netsh::isOfNetsh)
        .filter(setting -> setting.key().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> wrong(text, "one of " + String.join(", ", properties())));
  }

  private static boolean isOfNetsh(HostSetting setting) {
    return switch (setting) {
      case BOOT_MODE,
          BOOT_EXEMPTIONS,
          IPSEC_EXEMPT,
          STRONG_CRL_CHECK,
          IKE_LOGGING,
          IPSEC_DIAGNOSTICS,
          IPSEC_LOG_INTERVAL ->
          true;
      case NETWORK_ALLOW, NETWORK_DENY, LEGACY, ME_PRIVATE -> false;
    };
  }

  public static List<String> properties() {
    return Arrays.stream(HostSetting.values())
        .filter(Netsh::isOfNetsh)
        .map(setting -> setting.key().toLowerCase(Locale.ROOT))
        .toList();
  }

  /// A value of that property, checked.
  public static JsonValue value(HostSetting setting, String text) {
    JsonValue value =
        switch (setting) {
          case BOOT_MODE -> JsonValue.of(text.toLowerCase(Locale.ROOT));
          case BOOT_EXEMPTIONS ->
              new JsonArray(
                  text.equalsIgnoreCase("none")
                      ? List.of()
                      : words(text).stream().<JsonValue>map(JsonValue::of).toList());
          default ->
              text.matches("-?[0-9]{1,18}")
                  ? JsonValue.of(Long.parseLong(text))
                  : JsonValue.of(text);
        };
    try {
      return setting.checked(value);
    } catch (JsonException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
