package dev.reeve.cli.rsop;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.text.Page;
import dev.reeve.cli.text.RsopDocument;
import dev.reeve.cli.text.RsopText;
import dev.reeve.cli.text.WhatIfText;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopChange;
import dev.reeve.model.rsop.RsopJson;
import dev.reeve.schema.change.ChangeException;
import dev.reeve.schema.change.Changes;
import dev.reeve.schema.read.LdifChange;
import dev.reeve.schema.read.LdifChanges;
import dev.reeve.schema.read.LdifException;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.schema.read.SnapshotBuilder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An LDIF export before and after changes that nobody has made yet.
final class WhatIf {

  /// The name a computer has on either side; empty = it is not there.
  private record Pair(Optional<Dn> before, Optional<Dn> after) {}

  private final LdifPlan before;
  private final LdifPlan after;
  private final Map<Dn, Dn> moved;
  private final Map<Dn, Dn> origin;
  private final Path file;
  private final int records;

  /// @param file of the changes
  /// @param records how many changes it holds
  private WhatIf(LdifPlan before, LdifPlan after, Map<Dn, Dn> moved, Path file, int records) {
    this.before = before;
    this.after = after;
    this.moved = moved;
    this.origin = new HashMap<>();
    moved.forEach((was, now) -> origin.put(now, was));
    this.file = file;
    this.records = records;
  }

  static WhatIf open(Path file, Path changeFile) throws CommandException {
    try {
      LdifFile.Contents contents = LdifFile.read(file);
      List<LdifChange> changes = LdifChanges.read(changeFile);
      Changes.Changed changed = Changes.apply(contents.entries(), changes);
      SecretSealer sealer = comparing();
      return new WhatIf(
          new LdifPlan(file.toString(), SnapshotBuilder.build(contents, sealer)),
          new LdifPlan(
              file + " after the changes",
              SnapshotBuilder.build(
                  new LdifFile.Contents(changed.entries(), contents.problems()), sealer)),
          changed.moved(),
          changeFile,
          changes.size());
    } catch (LdifException e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    } catch (ChangeException e) {
      throw new CommandException(ExitCode.FAILED, changeFile + ": " + e.getMessage());
    }
  }

  /// Keeps of a secret what tells it from another one, and that for this run only.
  private static SecretSealer comparing() {
    byte[] salt = new byte[32];
    new SecureRandom().nextBytes(salt);
    return secret -> {
      try {
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update(salt);
        return SealedSecret.ofBytes(digest.digest(secret));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    };
  }

  /// @return what is wrong with the changed directory and was not shown
  List<String> answer(PlanRequest request, Output output, boolean verbose, Terminal terminal)
      throws CommandException {
    var text = new WhatIfText(verbose);
    var pages = new Page();
    var shown = new HashSet<Problem>();
    List<Pair> pairs = pairs(request);
    for (Pair pair : pairs) {
      Optional<Rsop> was = pair.before.map(dn -> before.resolve(request, dn));
      Optional<Rsop> now = pair.after.map(dn -> after.resolve(request, dn));
      now.ifPresent(rsop -> shown.addAll(rsop.problems()));
      Set<RsopChange> changes =
          was.isPresent() && now.isPresent()
              ? RsopChange.between(was.get(), now.get())
              : EnumSet.of(RsopChange.COMPUTER);
      if (changes.isEmpty()) continue;
      if (output == Output.JSON) {
        terminal.out().println(JsonText.write(json(pair, changes, was, now)));
        continue;
      }
      text.add(was.map(RsopDocument::of), now.map(RsopDocument::of), changes);
      if (verbose && request.computer().isPresent()) {
        was.ifPresent(rsop -> page(pages, "Before", rsop));
        now.ifPresent(rsop -> page(pages, "After", rsop));
      }
    }
    if (output == Output.TEXT) {
      terminal.print(text.lines(pairs.size(), records, String.valueOf(file.getFileName())));
      terminal.print(pages.lines());
    }
    terminal.out().flush();
    return after.others(request, shown);
  }

  private static void page(Page pages, String title, Rsop rsop) {
    pages.blank().row("-".repeat(Page.WIDTH)).text(0, title).blank();
    pages.add(RsopText.lines(RsopDocument.of(rsop)));
  }

  private static JsonObject json(
      Pair pair, Set<RsopChange> changes, Optional<Rsop> was, Optional<Rsop> now) {
    return JsonBuilder.object()
        .put("computer", pair.after.or(pair::before).map(Dn::toString).orElse(""))
        .putStrings("changes", changes.stream().map(Enum::name).toList())
        .put("before", document(was))
        .put("after", document(now))
        .build();
  }

  private static JsonValue document(Optional<Rsop> rsop) {
    return rsop.<JsonValue>map(RsopJson::write).orElse(JsonNull.NULL);
  }

  /// The computers asked about on either side, those of before first, by name.
  private List<Pair> pairs(PlanRequest request) throws CommandException {
    var pairs = new ArrayList<Pair>();
    Optional<CommandException> nobody = Optional.empty();
    var seen = new HashSet<Dn>();
    try {
      for (Dn was : before.computers(request)) {
        Pair pair = new Pair(Optional.of(was), now(was, request));
        pair.after.ifPresent(seen::add);
        pairs.add(pair);
      }
    } catch (CommandException e) {
      nobody = Optional.of(e);
    }
    if (request.computer().isPresent() && nobody.isEmpty()) return pairs;
    try {
      for (Dn now : after.computers(request))
        if (seen.add(now)) pairs.add(new Pair(was(now), Optional.of(now)));
    } catch (CommandException e) {
      if (nobody.isPresent()) throw nobody.get();
    }
    return pairs;
  }

  /// A computer that need not exist is on both sides.
  private Optional<Dn> now(Dn was, PlanRequest request) {
    Dn now = moved.getOrDefault(was, was);
    return after.has(now) || request.container().isPresent() && !before.has(was)
        ? Optional.of(now)
        : Optional.empty();
  }

  private Optional<Dn> was(Dn now) {
    Optional<Dn> was = Optional.ofNullable(origin.get(now));
    if (was.isEmpty() && !moved.containsKey(now)) was = Optional.of(now);
    return was.filter(before::has);
  }
}
