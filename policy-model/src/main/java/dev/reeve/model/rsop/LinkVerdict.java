package dev.reeve.model.rsop;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Gpo;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// What became of one link in scope.
///
/// @param gpo empty when the directory has no readable GPO there
/// @param som where the link is
/// @param reason empty = applied
/// @param precedence 1 wins; empty = denied
/// @param because one sentence for people; it names the entry that decided
public record LinkVerdict(
    GpLink link,
    Optional<Gpo> gpo,
    Dn som,
    Optional<Reason> reason,
    OptionalInt precedence,
    String because) {

  public boolean applied() {
    return reason.isEmpty();
  }

  /// The GPO's GUID with braces, upper case: from the entry, else from the link's DN.
  public String guid() {
    return gpo.map(Gpo::guid).orElseGet(() -> link.gpo().name().toUpperCase(Locale.ROOT));
  }

  public Optional<String> gpoName() {
    return gpo.map(Gpo::name);
  }
}
