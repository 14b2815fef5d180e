package dev.reeve.cli.ipsec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.ipsec.library.LibraryJson;
import dev.reeve.cli.ipsec.library.Merge;
import dev.reeve.cli.ipsec.library.PolicyLibrary;
import dev.reeve.cli.ipsec.netsh.Tags;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonPage;
import dev.reeve.schema.exchange.Keys;
import dev.reeve.schema.exchange.Policies;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `exportpolicy`, `importpolicy` and `restorepolicyexamples`.
record StaticFiles(StaticOptions options, Keys keys) {

  /// The three that every Windows domain begins with, in the form of today and in Microsoft's own.
  private static final List<String> DEFAULTS =
      List.of(
          "Client (Respond Only)", "Server (Request Security)", "Secure Server (Require Security)");

  /// @return what to say of it
  List<String> export(PolicyLibrary library, List<String> words) throws CommandException {
    Path file = file("exportpolicy", words);
    try {
      PolicyLibrary opened = library;
      if (options.file.isEmpty()) {
        var own = new StoreKey(StateDirectory.open(options.state));
        opened =
            library.map(policy -> PreSharedKeys.replaced(policy, key -> own.opened(key, keys)));
      }
      var written = LibraryJson.write(opened, keys, options.revealSecrets);
      DurableFiles.write(
          file.toAbsolutePath(), JsonPage.of(written.document()).getBytes(UTF_8), Access.PRIVATE);
      var said = new java.util.ArrayList<String>();
      said.add(library.policies().size() + " policies written to " + file + ".");
      written.findings().forEach(finding -> said.add(sentence(finding)));
      return said;
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
    Policies found = Sources.file(file, keys);
    refuseLoss(found);
    PolicyLibrary merged = Merge.of(library, found.policies());
    found.findings().forEach(finding -> done.add(sentence(finding)));
    try {
      byte[] content = Files.readAllBytes(file);
      boolean document = found.domain().isEmpty() && content.length > 0 && content[0] == '{';
      return document ? Merge.extras(merged, LibraryJson.extras(content)) : merged;
    } catch (IOException | JsonException e) {
      throw new CommandException(ExitCode.FAILED, file + ": " + e.getMessage());
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
