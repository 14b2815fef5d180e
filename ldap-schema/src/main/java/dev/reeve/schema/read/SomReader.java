package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.gp.Som;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Sites, domains and OUs with their links. As in MS-GPOL, domains and OUs are known by their
/// names: whatever starts with `OU=`, and whatever consists of `DC=` alone.
final class SomReader {

  private static final long BLOCK_INHERITANCE = 1;
  private static final List<String> NO_SITES = List.of("subnets", "inter-site transports");

  private final Problems problems;

  SomReader(Problems problems) {
    this.problems = problems;
  }

  Optional<Som> read(LdapEntry entry) {
    return kind(entry).map(kind -> entry.isBare() ? bare(entry, kind) : som(entry, kind));
  }

  private static Optional<Som.Kind> kind(LdapEntry entry) {
    Dn dn = entry.dn();
    if (entry.isA(LdapClass.SITE) || entry.isBare() && looksLikeSite(dn))
      return Optional.of(Som.Kind.SITE);
    return switch (dn.attribute()) {
      case "ou" -> Optional.of(Som.Kind.OU);
      case "dc" -> isDcAlone(dn) ? Optional.of(Som.Kind.DOMAIN) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean looksLikeSite(Dn dn) {
    return dn.parent().filter(p -> p.key().startsWith("cn=sites,cn=configuration,")).isPresent()
        && !NO_SITES.contains(dn.name().toLowerCase(Locale.ROOT));
  }

  /// A DNS zone below `CN=MicrosoftDNS` is no domain.
  private static boolean isDcAlone(Dn dn) {
    String key = dn.key();
    for (int at = key.indexOf(','); at >= 0; at = key.indexOf(',', at + 1)) {
      boolean escaped = key.charAt(at - 1) == '\\';
      if (!escaped && !key.startsWith("dc=", at + 1)) return false;
    }
    return key.startsWith("dc=");
  }

  private Som bare(LdapEntry entry, Som.Kind kind) {
    problems.add(
        entry,
        LdapAttribute.OBJECT_CLASS,
        Code.CONTAINER_UNREADABLE,
        "not readable, nor is any attribute but the name: its links are unknown");
    return new Som(entry.dn(), kind, List.of(), false, false);
  }

  private Som som(LdapEntry entry, Som.Kind kind) {
    boolean complete = true;
    List<GpLink> links = List.of();
    List<String> texts = entry.texts(LdapAttribute.GP_LINK);
    if (texts.size() > 1) {
      complete = false;
      problems.add(
          entry,
          LdapAttribute.GP_LINK,
          Code.CONTAINER_UNREADABLE,
          "has " + texts.size() + " values, expected one");
    } else if (!texts.isEmpty()) {
      var parsed = GpLinkParser.parse(entry.dn(), texts.getFirst());
      links = parsed.links();
      complete = parsed.complete();
      problems.addAll(parsed.problems());
    }
    boolean blocks = false;
    try {
      blocks =
          Numbers.find(entry, LdapAttribute.GP_OPTIONS, Code.CONTAINER_UNREADABLE)
              .filter(options -> (options & BLOCK_INHERITANCE) != 0)
              .isPresent();
    } catch (WrongAttribute e) {
      complete = false;
      problems.add(entry, e);
    }
    return new Som(entry.dn(), kind, links, blocks, complete);
  }
}
