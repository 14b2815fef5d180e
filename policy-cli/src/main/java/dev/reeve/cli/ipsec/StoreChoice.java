package dev.reeve.cli.ipsec;

import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.ipsec.netsh.Tags;
import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Which store the next command is for, when it does not say. `set store` is remembered beside the
/// stores, for everybody who works on this host, until the next one.
final class StoreChoice {

  private final StaticOptions options;
  private final Map<StoreName, LibraryPlace> places = new EnumMap<>(StoreName.class);
  private Optional<LibraryPlace> chosen = Optional.empty();

  StoreChoice(StaticOptions options) {
    this.options = options;
  }

  LibraryPlace place() throws CommandException {
    if (options.file.isPresent()) {
      return new LibraryPlace.OfFile(options.file.get(), options.revealSecrets);
    }
    if (chosen.isEmpty()) {
      StoreName name = options.store.isPresent() ? options.store.get() : remembered();
      StateDirectory directory = directory();
      chosen =
          Optional.of(places.computeIfAbsent(name, n -> new LibraryPlace.OfHost(directory, n)));
    }
    return chosen.get();
  }

  private StateDirectory directory() throws CommandException {
    Path state = options.state;
    boolean closed = Files.exists(state) && !(Files.isWritable(state) && Files.isExecutable(state));
    if (closed) throw Sources.notPermitted(state);
    try {
      return StateDirectory.open(state);
    } catch (IOException e) {
      throw Sources.notPermitted(state);
    }
  }

  private Path memory() {
    return options.state.resolve("stores").resolve("static-store");
  }

  private StoreName remembered() throws CommandException {
    try {
      String word = new String(DurableFiles.read(memory(), 20), StandardCharsets.US_ASCII).strip();
      return word.equals("persistent") ? StoreName.PERSISTENT : StoreName.LOCAL;
    } catch (NoSuchFileException e) {
      return StoreName.LOCAL;
    } catch (IOException e) {
      throw Sources.notPermitted(options.state);
    }
  }

  /// `set store location=local|persistent`.
  ///
  /// @param forGood whether the next command, of another process, is for it too
  String set(List<String> words, boolean forGood) throws CommandException {
    Tags tags = Tags.parse("set store", List.of("location", "domain"), words);
    String location = tags.get("location").toLowerCase(Locale.ROOT);
    if (location.equals("domain") || tags.find("domain").isPresent()) {
      throw new CommandException(
          ExitCode.FAILED,
          "the directory's policies are not changed in place: take them out with 'reeve ipsec"
              + " export --ldif', change the file with 'reeve ipsec static --file', and bring it"
              + " back with 'reeve ipsec import --as reeve' and ldapmodify");
    }
    if (!location.equals("local") && !location.equals("persistent")) {
      throw new IllegalArgumentException(
          "set store: location: found '" + location + "', expected local or persistent");
    }
    StoreName name = location.equals("local") ? StoreName.LOCAL : StoreName.PERSISTENT;
    StateDirectory directory = directory();
    chosen = Optional.of(places.computeIfAbsent(name, n -> new LibraryPlace.OfHost(directory, n)));
    if (forGood) remember(location);
    return forGood
        ? "From now on 'reeve ipsec static' on this host is for the " + location + " store."
        : "The rest is for the " + location + " store.";
  }

  private void remember(String location) throws CommandException {
    try {
      DurableFiles.write(memory(), location.getBytes(StandardCharsets.US_ASCII), Access.PRIVATE);
    } catch (IOException e) {
      throw Sources.notPermitted(options.state);
    }
  }
}
