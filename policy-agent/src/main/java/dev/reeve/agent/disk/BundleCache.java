package dev.reeve.agent.disk;

import dev.reeve.agent.disk.CacheIndex.Ref;
import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.Admission.Refused;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.bundle.VerifiedManifest;
import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// The bundles in force, on disk: `objects/DIGEST` and `objects/DIGEST.cms` never change once
/// written; `index.json` says which of them count. A change is: new objects, then the index, then
/// the floor, then away with what nobody names any more. A crash anywhere leaves the old state or
/// the new one.
public final class BundleCache {

  private static final int MAX_FILE = 16 << 20;

  private final Path objects;
  private final Path index;
  private final Path floor;

  BundleCache(Path directory, Path floor) throws IOException {
    this.objects = directory.resolve("objects");
    this.index = directory.resolve("index.json");
    this.floor = floor;
    DurableFiles.createDirectory(directory, Access.PRIVATE);
    DurableFiles.createDirectory(objects, Access.PRIVATE);
  }

  /// What was read back at a start.
  ///
  /// @param etag what to ask the server with; empty when the cache must be fetched anew
  /// @param problems what was refused, in words
  public record Loaded(GateState state, Kept kept, String etag, List<String> problems) {
    public Loaded {
      problems = List.copyOf(problems);
    }
  }

  /// Reads the cache back and sends all of it through the gate again. What does not pass is not
  /// used; the floor holds all the same.
  public Loaded load(HostId host, String epoch, Instant timeFloor, BundleGate gate) {
    var problems = new ArrayList<String>();
    GateState state = GateState.enrolled(host, epoch, timeFloor);
    Optional<Floor> separate = read(floor, Floor::parse, problems);
    if (separate.isPresent()) {
      state = raised(state, separate.get().host(), separate.get().version(), separate.get().time());
    }
    Optional<CacheIndex> found =
        read(index, CacheIndex::parse, problems)
            .filter(i -> i.host().equals(host) && i.floor().epoch().equals(epoch));
    if (found.isEmpty()) return new Loaded(state, Kept.NOTHING, "", problems);
    if (found.get().floor().number() < state.floor().number()) {
      // The index is written before the floor: an older one was put back by somebody.
      problems.add(
          "cache refused: ROLLED_BACK: it holds version "
              + found.get().floor().number()
              + ", the floor is "
              + state.floor().number());
      return new Loaded(state, Kept.NOTHING, "", problems);
    }
    state = raised(state, host, found.get().floor(), found.get().timeFloor());
    return verified(found.get(), state, gate, problems);
  }

  private Loaded verified(
      CacheIndex index, GateState state, BundleGate gate, List<String> problems) {
    var bundles = new HashMap<Ref, Optional<VerifiedBundle>>();
    Function<String, Optional<VerifiedBundle>> role =
        name ->
            index
                .role(name)
                .flatMap(ref ->
                    bundles.computeIfAbsent(
                        ref, r -> verified(name, r, index.floor(), state, gate, problems)));
    Optional<VerifiedBundle> current = role.apply("current");
    var kept =
        new Kept(
            current,
            role.apply("confirmed"),
            role.apply("policy"),
            role.apply("persistent"),
            role.apply("settings"));
    boolean whole = problems.isEmpty() && current.isPresent();
    Optional<Manifest> newest = current.map(VerifiedBundle::manifest);
    return new Loaded(
        new GateState(state.host(), state.floor(), newest, state.timeFloor()),
        kept,
        whole ? index.etag() : "",
        problems);
  }

  private Optional<VerifiedBundle> verified(
      String role,
      Ref ref,
      BundleVersion floor,
      GateState state,
      BundleGate gate,
      List<String> problems) {
    Optional<byte[]> signed = readSigned(ref.signed());
    if (signed.isEmpty()) {
      problems.add("cache refused: the manifest of the " + role + " bundle is missing or torn");
      return Optional.empty();
    }
    var then =
        new GateState(
            state.host(),
            new BundleVersion(floor.epoch(), ref.version()),
            Optional.empty(),
            state.timeFloor());
    return switch (gate.reopen(signed.get(), then)) {
      case Refused<?>(var reason, var detail) -> {
        problems.add("cache refused: " + reason + ": " + detail);
        yield Optional.empty();
      }
      case Accepted<VerifiedManifest>(var manifest) ->
          switch (gate.complete(manifest, this::find)) {
            case Refused<?>(var reason, var detail) -> {
              problems.add("cache refused: " + reason + ": " + detail);
              yield Optional.empty();
            }
            case Accepted<VerifiedBundle>(var bundle) -> Optional.of(bundle);
          };
    };
  }

  private static GateState raised(
      GateState state, HostId host, BundleVersion version, Instant time) {
    boolean sameEpoch = host.equals(state.host()) && version.epoch().equals(state.floor().epoch());
    boolean higher = sameEpoch && version.number() > state.floor().number();
    return new GateState(
        state.host(),
        higher ? version : state.floor(),
        state.newest(),
        time.isAfter(state.timeFloor()) ? time : state.timeFloor());
  }

  /// Returns once all of it is on the disk for good.
  public void keep(Kept kept, GateState state, String etag) throws IOException {
    var named = new HashSet<String>();
    for (VerifiedBundle bundle : kept.all().toList()) {
      for (Map.Entry<Digest, byte[]> object : bundle.objects().entrySet()) {
        named.add(object.getKey().hex());
        ensure(objects.resolve(object.getKey().hex()), object.getValue());
      }
      String manifest = Digest.of(bundle.signed()).hex() + ".cms";
      named.add(manifest);
      ensure(objects.resolve(manifest), bundle.signed());
    }
    var wanted =
        new CacheIndex(
            state.host(), state.floor(), state.timeFloor(), etag, CacheIndex.roles(kept));
    DurableFiles.write(index, wanted.toBytes(), Access.PRIVATE);
    DurableFiles.write(
        floor, new Floor(state.host(), state.floor(), state.timeFloor()).toBytes(), Access.PRIVATE);
    removeAllBut(named);
  }

  /// Writes what is not there yet; what is there with other bytes was tampered with.
  private static void ensure(Path file, byte[] content) throws IOException {
    boolean same =
        Files.exists(file)
            && Files.size(file) == content.length
            && Arrays.equals(DurableFiles.read(file, MAX_FILE), content);
    if (!same) DurableFiles.write(file, content, Access.PRIVATE);
  }

  private void removeAllBut(Set<String> named) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(objects)) {
      for (Path file : files) {
        if (!named.contains(String.valueOf(file.getFileName()))) Files.deleteIfExists(file);
      }
    }
  }

  /// An object, if it is here and whole. Any thread may ask.
  public Optional<byte[]> find(Digest digest) {
    return whole(objects.resolve(digest.hex()), digest);
  }

  private Optional<byte[]> readSigned(Digest digest) {
    return whole(objects.resolve(digest.hex() + ".cms"), digest);
  }

  private static Optional<byte[]> whole(Path file, Digest digest) {
    try {
      return Optional.of(DurableFiles.read(file, MAX_FILE))
          .filter(b -> Digest.of(b).equals(digest));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static <T> Optional<T> read(Path file, Function<byte[], T> parse, List<String> problems) {
    Supplier<String> what = () -> "cache refused: " + file.getFileName() + ": ";
    try {
      return Optional.of(parse.apply(DurableFiles.read(file, MAX_FILE)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException | IOException e) {
      problems.add(what.get() + e.getMessage());
      return Optional.empty();
    }
  }
}
