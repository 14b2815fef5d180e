package dev.reeve.engine.plan;

import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a plan that was not carried out to its end leaves behind, where charon does not tell: for
/// the next plan, which must finish it.
///
/// @param forgotten whether connections may be without their credentials
/// @param proven CRLs that the peers of all associations were checked against; empty when this
///   process has finished no plan yet
/// @param older associations that were there when a CRL was loaded; empty when none was
public record Unfinished(
    boolean forgotten, Optional<Set<IkeCrl>> proven, Optional<Set<Long>> older) {

  public static final Unfinished NOTHING =
      new Unfinished(false, Optional.empty(), Optional.empty());

  /// By a process that died amid steps which charon does not tell of.
  public static final Unfinished INTERRUPTED =
      new Unfinished(true, Optional.of(Set.of()), Optional.empty());

  public Unfinished {
    proven = proven.map(Set::copyOf);
    older = older.map(Set::copyOf);
  }

  public Unfinished withCredentialsForgotten() {
    return new Unfinished(true, proven, older);
  }

  /// @param now read after it was loaded: who associates from now on has been checked against it
  public Unfinished withCrlLoaded(List<IkeAssociation> now) {
    return new Unfinished(
        forgotten,
        proven,
        Optional.of(now.stream().map(IkeAssociation::id).collect(Collectors.toSet())));
  }

  public static Unfinished done(Wanted wanted) {
    return new Unfinished(false, Optional.of(Set.copyOf(wanted.checks().crls())), Optional.empty());
  }

  /// Which of the CRLs that charon holds the peers of all associations were checked against.
  Set<IkeCrl> proven(Set<IkeCrl> held) {
    return proven
        .map(known -> held.stream().filter(known::contains).collect(Collectors.toSet()))
        .orElse(held);
  }

  /// Whether that association may be older than a CRL that charon holds.
  boolean mayBeOlder(IkeAssociation association) {
    return older.isEmpty() || older.get().contains(association.id());
  }
}
