package dev.reeve.agent.disk;

import dev.reeve.model.bundle.HostId;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.spd.Store;
import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.DurableFiles.Access;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.Pem;
import dev.reeve.trust.SecretBox;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The agent's directory, readable by nobody else: who may read it may pose as this host.
public final class StateDirectory {

  private static final int MAX_FILE = 1 << 20;
  private static final int MAX_POLICY = 8 << 20;
  private static final String SEAL = "seal.key";
  private static final String COPIES = "stores-last";

  /// Beside the file's lock, which is the whole process's.
  private static final ReentrantLock CHANGING = new ReentrantLock();

  private final Path root;

  private StateDirectory(Path root) {
    this.root = root;
  }

  /// Made when it is missing; closed to others in any case. What root makes belongs to whom the
  /// directory above belongs to: the agent runs as a user of its own.
  public static StateDirectory open(Path root) throws IOException {
    for (Path directory : List.of(root, root.resolve("stores"))) {
      boolean made = !Files.isDirectory(directory);
      DurableFiles.createDirectory(directory, Access.PRIVATE);
      if (made) inheritOwner(directory.toAbsolutePath());
    }
    return new StateDirectory(root);
  }

  private static void inheritOwner(Path made) throws IOException {
    Path parent = made.getParent();
    boolean root = Files.getAttribute(made, "unix:uid").equals(0);
    if (root && parent != null) DurableFiles.setOwner(made, Files.getOwner(parent));
  }

  public Path root() {
    return root;
  }

  /// Keeps a second agent out until it is closed, or this process ends.
  ///
  /// @throws IOException when another agent has it
  public Closeable lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            root.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) return channel;
    } catch (OverlappingFileLockException _) {
      // held by this very process
    }
    channel.close();
    throw new IOException("another agent runs on " + root);
  }

  /// Empty when this host has not joined.
  ///
  /// @throws IOException when there is an identity that cannot be read
  public Optional<Membership> findMembership() throws IOException {
    try {
      return Optional.of(Membership.parse(DurableFiles.read(identityFile(), MAX_FILE)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IOException(identityFile() + ": " + e.getMessage(), e);
    }
  }

  /// All of it or nothing; keys that no identity names are gone afterwards.
  ///
  /// `root.pem` and `signers.pem` are copies for people, who may want to check with openssl what
  /// this host obeys; the agent itself reads the identity alone.
  public void write(Membership membership) throws IOException {
    DurableFiles.write(
        root.resolve("root.pem"),
        membership.root().getBytes(StandardCharsets.US_ASCII),
        Access.PRIVATE);
    DurableFiles.write(
        root.resolve("signers.pem"),
        membership.signers().getBytes(StandardCharsets.US_ASCII),
        Access.PRIVATE);
    DurableFiles.write(identityFile(), membership.toBytes(), Access.PRIVATE);
    removeAllBut(membership.keyFile(), "key-*.pem");
    removeAllBut(encryptionKeyFile(membership.host()), "encryption-*.pem");
  }

  private void removeAllBut(String kept, String pattern) throws IOException {
    try (DirectoryStream<Path> keys = Files.newDirectoryStream(root, pattern)) {
      for (Path key : keys) if (!key.endsWith(kept)) DurableFiles.deleteIfExists(key);
    }
  }

  private static String encryptionKeyFile(HostId host) {
    return "encryption-" + host.text().substring(0, 16) + ".pem";
  }

  /// What the secrets of that host are sealed to; it signs nothing. Made, and safe on the disk, if
  /// there is none.
  public KeyPair encryptionKey(HostId host) throws IOException {
    return keyPair(encryptionKeyFile(host));
  }

  /// Changes whenever the identity does; the epoch when there is none.
  public FileTime identityStamp() {
    try {
      return Files.getLastModifiedTime(identityFile());
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private Path identityFile() {
    return root.resolve("identity.json");
  }

  public PrivateKey key(Membership membership) throws IOException {
    return Pem.readKey(root.resolve(membership.keyFile()));
  }

  /// The key of that name; made, and safe on the disk, if there is none.
  public synchronized KeyPair keyPair(String keyFile) throws IOException {
    Path file = root.resolve(keyFile);
    if (Files.exists(file)) return PublicKeys.pair(Pem.readKey(file));
    KeyPair made = EcKeys.generate();
    Pem.writeKey(file, made.getPrivate());
    return made;
  }

  public BundleCache bundles() throws IOException {
    return new BundleCache(root.resolve("bundles"), root.resolve("floor.json"));
  }

  /// Until it is closed, nobody else who asks for it changes the stores; waits for whoever has it.
  public Closeable lockStores() throws IOException {
    CHANGING.lock();
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              stores().resolve("lock"),
              Set.of(
                  StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      var unused = channel.lock();
    } catch (IOException | RuntimeException e) {
      if (channel != null) channel.close();
      CHANGING.unlock();
      throw e;
    }
    FileChannel held = channel;
    return () -> {
      try {
        held.close();
      } finally {
        CHANGING.unlock();
      }
    };
  }

  /// @throws IOException when it is more than is read of a store
  public static void checkSize(byte[] store) throws IOException {
    if (store.length <= MAX_POLICY) return;
    throw new IOException(
        "it would be %,d bytes, and %,d are read at most".formatted(store.length, MAX_POLICY));
  }

  /// What the host's own administrator wants.
  public LocalStores readStores() {
    var problems = new EnumMap<Store, String>(Store.class);
    return new LocalStores(
        readStore(Store.LOCAL, problems), readStore(Store.PERSISTENT, problems), problems);
  }

  private Optional<IpsecPolicy> readStore(Store store, Map<Store, String> problems) {
    try {
      return readPolicy(storeFile(store));
    } catch (IOException | IllegalArgumentException e) {
      problems.put(store, "the " + store + " store cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<IpsecPolicy> readPolicy(Path file) throws IOException {
    try {
      return Optional.of(IpsecJson.readPolicy(DurableFiles.read(file, MAX_POLICY)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// What was kept of a store when it was read last; empty too when that cannot be read.
  Optional<IpsecPolicy> readCopy(Store store) {
    try {
      return readPolicy(copyFile(store));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  void writeCopy(Store store, Optional<IpsecPolicy> policy) throws IOException {
    Path file = copyFile(store);
    if (policy.isEmpty()) {
      DurableFiles.deleteIfExists(file);
      return;
    }
    DurableFiles.createDirectory(root.resolve(COPIES), Access.PRIVATE);
    DurableFiles.write(file, JsonText.writeBytes(IpsecJson.write(policy.get())), Access.PRIVATE);
  }

  private Path copyFile(Store store) {
    return root.resolve(COPIES).resolve(store + ".json");
  }

  /// A file that root writes belongs to whom the directory belongs to: the agent reads it.
  ///
  /// @param policy empty to have none
  public void writeStore(Store store, Optional<IpsecPolicy> policy) throws IOException {
    Path file = storeFile(store);
    if (policy.isEmpty()) {
      DurableFiles.deleteIfExists(file);
    } else {
      byte[] content = JsonText.writeBytes(IpsecJson.write(policy.get()));
      checkSize(content);
      writeOwned(file, content);
    }
  }

  private void writeOwned(Path file, byte[] content) throws IOException {
    DurableFiles.write(file, content, Access.PRIVATE, Optional.of(Files.getOwner(stores())));
  }

  private Path stores() {
    return root.resolve("stores");
  }

  /// What `ipsec static` knows of a store beside the policy in force; empty when nothing.
  public Optional<byte[]> readLibrary(Store store) throws IOException {
    try {
      return Optional.of(DurableFiles.read(libraryFile(store), MAX_POLICY));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  public void writeLibrary(Store store, byte[] content) throws IOException {
    checkSize(content);
    writeOwned(libraryFile(store), content);
  }

  private Path libraryFile(Store store) {
    Path file = storeFile(store);
    return file.resolveSibling(store + ".library.json");
  }

  /// Changes whenever a store does.
  public long storesStamp() {
    long stamp = 17;
    for (Store store : List.of(Store.LOCAL, Store.PERSISTENT)) {
      try {
        var seen = Files.readAttributes(storeFile(store), BasicFileAttributes.class);
        // A file that is replaced is another one, however soon.
        stamp = stamp * 31 + Objects.hash(seen.lastModifiedTime(), seen.size(), seen.fileKey());
      } catch (IOException e) {
        stamp *= 31;
      }
    }
    return stamp;
  }

  /// What the pre-shared keys in the host's own stores are sealed with. Made if there is none.
  public SecretBox storeSeal() throws IOException {
    Optional<SecretBox> there = findStoreSeal();
    if (there.isPresent()) return there.get();
    byte[] key = new byte[SecretBox.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      writeOwned(stores().resolve(SEAL), key);
      return seal(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /// Empty when nothing was ever sealed here.
  public Optional<SecretBox> findStoreSeal() throws IOException {
    byte[] key;
    try {
      key = DurableFiles.read(stores().resolve(SEAL), SecretBox.KEY_BYTES);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(seal(key));
    } catch (IllegalArgumentException e) {
      throw new IOException(stores().resolve(SEAL) + ": " + e.getMessage(), e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static SecretBox seal(byte[] key) {
    return new SecretBox(key, "reeve store");
  }

  private Path storeFile(Store store) {
    if (store == Store.DOMAIN || store == Store.DYNAMIC) {
      throw new IllegalArgumentException("the " + store + " store has no local file");
    }
    return root.resolve("stores").resolve(store + ".json");
  }
}
