package dev.reeve.cli.ipsec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.ipsec.library.LibraryJson;
import dev.reeve.cli.ipsec.library.Merge;
import dev.reeve.cli.ipsec.library.PolicyLibrary;
import dev.reeve.cli.ipsec.netsh.Tags;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonPage;
import dev.reeve.schema.exchange.Keys;
import dev.reeve.schema.exchange.Policies;
import dev.reeve.schema.exchange.PolicyFile;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;

/// `exportpolicy`, `importpolicy` and `restorepolicyexamples`.
record StaticFiles(StaticOptions options, Keys keys) {

  /// The three that every Windows domain begins with, in the form of today and in Microsoft's own.
  private static final List<String> DEFAULTS =
      List.of(
          "Client (Respond Only)", "Server (Request Security)", "Secure Server (Require Security)");

  /// @param done gets what to say of it
  LibraryPlace.Prepared export(PolicyLibrary library, List<String> words, List<String> done)
      throws CommandException {
    Path file = file("exportpolicy", words);
    try {
      PolicyLibrary opened = library;
      if (options.file.isEmpty()) {
        var own = new StoreKey(StateDirectory.open(options.state));
        opened =
            library.map(policy -> PreSharedKeys.replaced(policy, key -> own.opened(key, keys)));
      }
      var written = LibraryJson.write(opened, keys, options.revealSecrets);
      byte[] content = JsonPage.of(written.document()).getBytes(UTF_8);
      done.add(library.policies().size() + " policies written to " + file + ".");
      written.findings().forEach(finding -> done.add(sentence(finding)));
      return () -> write(file, content);
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, options.state + ": " + e.getMessage());
    }
  }

  private static void write(Path file, byte[] content) throws CommandException {
    try {
      DurableFiles.write(file.toAbsolutePath(), content, Access.PRIVATE);
    } catch (AccessDeniedException e) {
      throw new CommandException(ExitCode.NOT_PERMITTED, file + ": permission denied");
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, file + ": " + e.getMessage());
    }
  }

  /// @param done gets what to say of it
  PolicyLibrary imported(PolicyLibrary library, List<String> words, List<String> done)
      throws CommandException {
    Path file = file("importpolicy", words);
    byte[] content = Sources.content(file);
    Policies found = Sources.policies(file, content, keys);
    refuseLoss(found);
    refuseForeignKeys(found);
    PolicyLibrary merged = Merge.of(library, found.policies());
    found.findings().stream()
        .filter(finding -> !finding.equals(PolicyFile.BEHIND)) // they come along here
        .forEach(finding -> done.add(sentence(finding)));
    if (!Sources.startsLikeJson(content)) return merged;
    try {
      return Merge.extras(merged, LibraryJson.extras(content));
    } catch (JsonException e) {
      throw new CommandException(ExitCode.FAILED, file + ": " + e.getMessage());
    }
  }

  /// A key that was sealed to a server's vault or to another host would be of no use here.
  private void refuseForeignKeys(Policies found) throws CommandException {
    for (IpsecPolicy policy : found.policies()) {
      for (IpsecRule rule : policy.rules()) {
        for (AuthMethod method : rule.authentication()) {
          if (!(method instanceof AuthMethod.PreSharedKey(var key)) || opens(key)) continue;
          throw StaticRun.failed(
              "not imported: policy '"
                  + policy.name()
                  + "', rule '"
                  + rule.name()
                  + "': its pre-shared key is sealed to somebody else; 'reeve ipsec import --vault"
                  + " FILE --store STORE' opens one of a server");
        }
      }
    }
  }

  private boolean opens(SealedSecret key) throws CommandException {
    if (keys.has(key) || options.file.isPresent()) return keys.has(key);
    try {
      return new StoreKey(StateDirectory.open(options.state)).sealed(key, keys).isPresent();
    } catch (IOException e) {
      throw Sources.notPermitted(options.state);
    }
  }

  private static void refuseLoss(Policies found) throws CommandException {
    for (Finding finding : found.findings()) {
      if (finding.isLoss()) throw StaticRun.failed("not imported: " + sentence(finding));
    }
  }

  private static String sentence(Finding finding) {
    String where =
        finding.policy().isBlank() ? finding.object() : "policy '" + finding.policy() + "'";
    return (where.isBlank() ? "" : where + ": ") + finding.detail();
  }

  private static Path file(String command, List<String> words) {
    String name = Tags.parse(command, List.of("file"), words).get("file");
    if (name.isBlank()) throw new IllegalArgumentException(command + ": file: found nothing");
    Path file = Path.of(name);
    boolean bare = file.getFileName() != null && !file.getFileName().toString().contains(".");
    return bare ? Path.of(name + ".ipsec") : file;
  }

  /// `release=modern`, the strong ones of today, or `win2k` or `win2003`, Microsoft's own.
  PolicyLibrary examples(PolicyLibrary library, List<String> words) throws CommandException {
    Tags tags = Tags.parse("restorepolicyexamples", List.of("release"), words);
    boolean modern =
        tags.get(
            "release",
            text ->
                switch (text.toLowerCase(java.util.Locale.ROOT)) {
                  case "modern" -> true;
                  case "win2k", "win2003" -> false;
                  default ->
                      throw new IllegalArgumentException(
                          "found '" + text + "', expected modern, win2k or win2003");
                });
    PolicyLibrary restored = library;
    for (IpsecPolicy policy : sample()) {
      boolean wanted =
          DEFAULTS.contains(policy.name().replace(", modern", ""))
              && policy.name().endsWith(", modern") == modern;
      if (wanted) restored = Merge.of(restored, policy);
    }
    return restored;
  }

  private List<IpsecPolicy> sample() throws CommandException {
    try (InputStream in = StaticFiles.class.getResourceAsStream("/samples/corp.ldif")) {
      if (in == null) throw new IOException("no sample domain in this program");
      return Policies.read(LdifFile.parse(in.readAllBytes()).entries(), keys).policies();
    } catch (IOException e) {
      throw StaticRun.failed(String.valueOf(e.getMessage()));
    }
  }
}
