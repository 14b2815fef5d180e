package dev.reeve.cli.ipsec;

import dev.reeve.agent.disk.LocalStores;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonException;
import dev.reeve.schema.exchange.Keys;
import dev.reeve.schema.exchange.Policies;
import dev.reeve.schema.exchange.PolicyFile;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Code;
import dev.reeve.schema.ipsec.Finding.Effect;
import dev.reeve.schema.read.LdifException;
import dev.reeve.schema.read.LdifFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where policies come from.
final class Sources {

  private Sources() {}

  /// A readable file or LDIF, whichever it is.
  static Policies file(Path file, Keys keys) throws CommandException {
    return policies(file, content(file), keys);
  }

  static byte[] content(Path file) throws CommandException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw failed(file, "no such file");
    } catch (AccessDeniedException e) {
      throw new CommandException(ExitCode.NOT_PERMITTED, file + ": permission denied");
    } catch (IOException e) {
      throw failed(file, Files.isDirectory(file) ? "is a directory" : "" + e.getMessage());
    }
  }

  /// @param content of the file
  static Policies policies(Path file, byte[] content, Keys keys) throws CommandException {
    if (!startsLikeJson(content)) return ldif(file, keys);
    try {
      return PolicyFile.read(content, keys);
    } catch (JsonException e) {
      throw failed(file, "" + e.getMessage());
    }
  }

  static boolean startsLikeJson(byte[] content) {
    for (byte b : content) {
      if (b == '{' || b == '[') return true;
      if (!Character.isWhitespace(b)) return false;
    }
    return false;
  }

  static Policies ldif(Path file, Keys keys) throws CommandException {
    LdifFile.Contents contents;
    try {
      contents = LdifFile.read(file);
    } catch (LdifException e) {
      throw new CommandException(ExitCode.FAILED, "" + e.getMessage());
    }
    Policies read = Policies.read(contents.entries(), keys);
    var findings = new ArrayList<>(read.findings());
    for (Problem problem : contents.problems()) {
      findings.add(
          new Finding(Effect.LEFT_OUT, Code.UNREADABLE, "", problem.dn(), problem.detail()));
    }
    return new Policies(read.policies(), read.originals(), read.domain(), findings);
  }

  static Policies store(StoreName name, Path state, Keys keys) throws CommandException {
    Path stores = state.resolve("stores");
    if (Files.exists(state) && !(Files.isReadable(state) && Files.isExecutable(state))) {
      throw notPermitted(state);
    }
    if (!Files.isDirectory(stores)) {
      throw failed(state, "holds no stores: no agent has run here, or --state is another");
    }
    if (!Files.isExecutable(stores)) throw notPermitted(state);
    LocalStores read;
    StoreKey own;
    try {
      StateDirectory directory = StateDirectory.open(state);
      read = directory.readStores();
      own = new StoreKey(directory);
    } catch (IOException e) {
      throw notPermitted(state);
    }
    Optional<IpsecPolicy> policy =
        switch (name) {
          case LOCAL -> read.local();
          case PERSISTENT -> read.persistent();
        };
    String why = read.problems().getOrDefault(name.store(), "the " + name + " store is empty");
    if (policy.isEmpty()) throw new CommandException(ExitCode.FAILED, why);
    IpsecPolicy opened = PreSharedKeys.replaced(policy.get(), key -> own.opened(key, keys));
    return new Policies(List.of(opened), List.of(), Optional.empty(), List.of());
  }

  static CommandException notPermitted(Path state) {
    return new CommandException(
        ExitCode.NOT_PERMITTED, state + " is for root alone: run as root, or give --state DIR");
  }

  private static CommandException failed(Path file, String why) {
    return new CommandException(ExitCode.FAILED, file + ": " + why);
  }
}
