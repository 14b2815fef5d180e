package dev.reeve.cli.ipsec;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.ipsec.library.LibraryCommands;
import dev.reeve.cli.ipsec.library.LibraryException;
import dev.reeve.cli.ipsec.library.PolicyLibrary;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.schema.exchange.Keys;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One run of `ipsec static`: commands change libraries in memory, and at the end each changed one
/// is written, once. When a command fails nothing of the run is written. From the first look until
/// it is closed nobody else changes the host's stores.
final class StaticRun implements AutoCloseable {

  private final StaticOptions options;
  private final Terminal terminal;
  private final Keys keys;
  private final StoreChoice choice;
  private final boolean script;
  private final Map<LibraryPlace, Open> open = new LinkedHashMap<>();
  private final List<LibraryPlace.Prepared> exports = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private Optional<Closeable> lock = Optional.empty();

  private record Open(PolicyLibrary before, PolicyLibrary now) {}

  /// @param script whether these are the commands of a file
  StaticRun(StaticOptions options, Terminal terminal, Keys keys, boolean script) {
    this.options = options;
    this.terminal = terminal;
    this.keys = keys;
    this.choice = new StoreChoice(options);
    this.script = script;
  }

  /// @param words a command: `add policy name=Web`
  /// @throws IllegalArgumentException when they make no sense
  void command(List<String> words) throws CommandException, LibraryException {
    String verb = words.isEmpty() ? "" : words.getFirst().toLowerCase(Locale.ROOT);
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    String kind = rest.isEmpty() ? "" : rest.getFirst().toLowerCase(Locale.ROOT);
    if (verb.equals("set") && kind.equals("store")) {
      if (options.file.isPresent()) {
        throw new IllegalArgumentException("set store chooses a store, and --file says not to");
      }
      done.add(choice.set(rest.subList(1, rest.size()), !script));
    } else if (verb.equals("set") && (kind.equals("batch") || kind.equals("interactive"))) {
      done.add("Each run is a batch already: it is written whole at its end.");
    } else if (LibraryCommands.changes(verb)) {
      LibraryPlace place = choice.place();
      PolicyLibrary now = library(place);
      changed(place, new LibraryCommands(keys, place.noKeys()).run(now, words));
    } else {
      var files = new StaticFiles(options, keys);
      switch (verb) {
        case "show" ->
            new StaticShow(options, terminal)
                .show(choice.place().toString(), library(choice.place()), rest);
        case "exportpolicy" -> exports.add(files.export(library(choice.place()), rest, done));
        case "importpolicy" ->
            changed(choice.place(), files.imported(library(choice.place()), rest, done));
        case "restorepolicyexamples" ->
            changed(choice.place(), files.examples(library(choice.place()), rest));
        default ->
            throw new IllegalArgumentException(
                "found '"
                    + verb
                    + "', expected add, set, delete, show, exportpolicy, importpolicy or"
                    + " restorepolicyexamples");
      }
    }
  }

  private PolicyLibrary library(LibraryPlace place) throws CommandException {
    Open there = open.get(place);
    if (there != null) return there.now();
    if (lock.isEmpty()) lock = place.lock();
    PolicyLibrary read = place.read(keys);
    open.put(place, new Open(read, read));
    return read;
  }

  private void changed(LibraryPlace place, PolicyLibrary now) throws CommandException {
    PolicyLibrary before = library(place);
    Open there = open.get(place);
    open.put(place, new Open(there == null ? before : there.before(), now));
  }

  /// Writes what has changed, and says so.
  void finish() throws CommandException {
    List<LibraryPlace.Prepared> prepared = new ArrayList<>(exports);
    for (Map.Entry<LibraryPlace, Open> entry : open.entrySet()) {
      Open library = entry.getValue();
      if (library.now().equals(library.before())) continue;
      prepared.add(entry.getKey().prepare(library.now(), keys));
      done.add("Done, in " + entry.getKey() + ".");
      if (!library.now().assignedPolicy().equals(library.before().assignedPolicy())) {
        done.add(entry.getKey().effect(library.now().assignedPolicy().map(IpsecPolicy::name)));
      }
    }
    for (LibraryPlace.Prepared each : prepared) each.write();
    if (options.output == Output.JSON && !done.isEmpty()) {
      terminal.out().println(JsonText.write(JsonBuilder.object().putStrings("done", done).build()));
    } else {
      done.forEach(terminal.out()::println);
    }
    terminal.out().flush();
  }

  @Override
  public void close() throws CommandException {
    try {
      if (lock.isPresent()) lock.get().close();
    } catch (IOException e) {
      throw failed("the stores' lock: " + e.getMessage());
    }
  }

  static CommandException failed(String message) {
    return new CommandException(ExitCode.FAILED, message);
  }
}
