package dev.reeve.cli.ipsec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.agent.disk.LocalStores;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.ipsec.library.LibraryJson;
import dev.reeve.cli.ipsec.library.Merge;
import dev.reeve.cli.ipsec.library.PolicyLibrary;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonPage;
import dev.reeve.schema.exchange.Keys;
import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.DurableFiles.Access;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Where a library is kept.
sealed interface LibraryPlace {

  PolicyLibrary read(Keys keys) throws CommandException;

  /// What is left to do once nothing can be wrong with any part of a run.
  interface Prepared {
    void write() throws CommandException;
  }

  /// @param keys those that were typed or read
  Prepared prepare(PolicyLibrary library, Keys keys) throws CommandException;

  /// Why it takes no pre-shared key; empty when it does.
  Optional<String> noKeys();

  /// Keeps others from changing it until it is closed; empty where nobody can be kept.
  Optional<Closeable> lock() throws CommandException;

  /// What follows when another policy is assigned, in a sentence.
  ///
  /// @param policy its name; empty when none is any more
  String effect(Optional<String> policy);

  /// A store of this host: its library, and beside it the policy in force, which the agent obeys
  /// and which counts where the two differ: `reeve ipsec import` writes it alone.
  record OfHost(StateDirectory directory, StoreName name) implements LibraryPlace {

    @Override
    public PolicyLibrary read(Keys keys) throws CommandException {
      try {
        PolicyLibrary library =
            directory
                .readLibrary(name.store())
                .map(bytes -> LibraryJson.read(bytes, keys))
                .orElse(PolicyLibrary.EMPTY);
        Optional<IpsecPolicy> inForce = inForce();
        if (inForce.isEmpty()) return library.withAssigned(Optional.empty());
        boolean known = library.policies().contains(inForce.get());
        return (known ? library : Merge.of(library, inForce.get()))
            .withAssigned(Optional.of(inForce.get().id()));
      } catch (IOException | JsonException e) {
        throw failed(e);
      }
    }

    private Optional<IpsecPolicy> inForce() throws CommandException {
      LocalStores stores = directory.readStores();
      String problem = stores.problems().get(name.store());
      if (problem != null) throw new CommandException(ExitCode.FAILED, problem);
      return switch (name) {
        case LOCAL -> stores.local();
        case PERSISTENT -> stores.persistent();
      };
    }

    @Override
    public Prepared prepare(PolicyLibrary library, Keys keys) throws CommandException {
      var own = new StoreKey(directory);
      try {
        PolicyLibrary sealed =
            library.map(
                policy -> PreSharedKeys.replaced(policy, key -> own.sealed(key, keys).orElse(key)));
        byte[] document =
            JsonPage.of(LibraryJson.write(sealed, keys, false).document()).getBytes(UTF_8);
        StateDirectory.checkSize(document);
        return () -> write(document, sealed.assignedPolicy());
      } catch (IOException | UncheckedIOException e) {
        throw failed(e);
      }
    }

    private void write(byte[] document, Optional<IpsecPolicy> inForce) throws CommandException {
      try {
        directory.writeLibrary(name.store(), document);
        if (!inForce.equals(inForce())) directory.writeStore(name.store(), inForce);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    private CommandException failed(Exception e) {
      return e instanceof AccessDeniedException
          ? Sources.notPermitted(directory.root())
          : new CommandException(
              ExitCode.FAILED, "the " + name + " store: " + String.valueOf(e.getMessage()));
    }

    @Override
    public Optional<String> noKeys() {
      return Optional.empty();
    }

    @Override
    public Optional<Closeable> lock() throws CommandException {
      try {
        return Optional.of(directory.lockStores());
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public String effect(Optional<String> policy) {
      String assigned =
          policy
              .map(p -> "Policy '" + p + "' is assigned")
              .orElse("No policy is assigned any more");
      if (name == StoreName.LOCAL && hasJoined()) {
        return assigned + "; this host has joined a domain, whose policy goes before this one.";
      }
      String then = policy.isPresent() ? "takes it up" : "lets it go";
      return assigned + "; the agent " + then + " within seconds.";
    }

    private boolean hasJoined() {
      try {
        return directory.findMembership().isPresent();
      } catch (IOException e) {
        return true; // there is one, and the agent says what is wrong with it
      }
    }

    @Override
    public String toString() {
      return "the " + name + " store";
    }
  }

  /// A file; keys stand in it readable or not at all.
  record OfFile(Path file, boolean revealSecrets) implements LibraryPlace {

    @Override
    public PolicyLibrary read(Keys keys) throws CommandException {
      try {
        return LibraryJson.read(Files.readAllBytes(file), keys);
      } catch (NoSuchFileException e) {
        return PolicyLibrary.EMPTY;
      } catch (IOException | JsonException e) {
        throw failed(e);
      }
    }

    @Override
    public Prepared prepare(PolicyLibrary library, Keys keys) throws CommandException {
      var written = LibraryJson.write(library, keys, revealSecrets);
      if (!written.findings().isEmpty()) {
        throw new CommandException(
            ExitCode.FAILED,
            file + " holds a pre-shared key, which would be lost: give --reveal-secrets");
      }
      byte[] document = JsonPage.of(written.document()).getBytes(UTF_8);
      return () -> write(document);
    }

    private void write(byte[] document) throws CommandException {
      try {
        DurableFiles.write(file.toAbsolutePath(), document, Access.PRIVATE);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    private CommandException failed(Exception e) {
      return e instanceof AccessDeniedException
          ? new CommandException(ExitCode.NOT_PERMITTED, file + ": permission denied")
          : new CommandException(ExitCode.FAILED, file + ": " + e.getMessage());
    }

    @Override
    public Optional<String> noKeys() {
      return revealSecrets
          ? Optional.empty()
          : Optional.of("a file keeps no pre-shared key unless you give --reveal-secrets");
    }

    @Override
    public Optional<Closeable> lock() {
      return Optional.empty();
    }

    @Override
    public String effect(Optional<String> policy) {
      return policy
          .map(p -> "Policy '" + p + "' is assigned in the file; no host takes it up from there.")
          .orElse("No policy is assigned in the file any more.");
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }
}
