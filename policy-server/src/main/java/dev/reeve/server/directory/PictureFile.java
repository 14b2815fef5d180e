package dev.reeve.server.directory;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.trust.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the last complete picture of an external directory is kept for a restart. All of it is
/// sealed to the server's vault: it holds what the directory shows to us, pre-shared keys in
/// Microsoft's objects included.
///
/// Form: a line `reeve picture VERSION`, then the sealed bytes of a [SavedPicture].
public final class PictureFile {

  private static final int VERSION = 1;
  private static final int MOST = 256 << 20; // some 3 million computers
  private static final Pattern HEADING = Pattern.compile("reeve picture ([0-9]{1,9})\n");
  private static final int MOST_HEADING = 64;

  private final Path file;
  private final FileSealer sealer;
  private final Dn base;
  private final List<String> servers;

  /// @param base what is configured: a picture of anything else is refused
  /// @param servers likewise; one of them must be one that the picture was read from
  public PictureFile(Path file, FileSealer sealer, Dn base, List<String> servers) {
    this.file = file;
    this.sealer = sealer;
    this.base = base;
    this.servers = List.copyOf(servers);
  }

  /// Replaces what was saved before; a crash leaves the one or the other.
  ///
  /// @throws IOException also when it is larger than could be read again
  void write(Instant asOf, List<LdapEntry> entries) throws IOException {
    byte[] heading = heading(VERSION);
    byte[] sealed =
        sealer.sealFile(heading, new SavedPicture(base, servers, asOf, entries).toBytes());
    if (sealed.length > MOST - heading.length)
      throw new IOException("the picture has " + sealed.length + " bytes, more than " + MOST);
    byte[] whole = Arrays.copyOf(heading, heading.length + sealed.length);
    System.arraycopy(sealed, 0, whole, heading.length, sealed.length);
    DurableFiles.write(file, whole, DurableFiles.Access.PRIVATE);
  }

  private static byte[] heading(int version) {
    return ("reeve picture " + version + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// @throws PictureException when there is none, or not one of this directory that can be trusted
  SavedPicture read() throws PictureException {
    if (!Files.exists(file)) throw new PictureException("none was saved yet (" + file + ")");
    try {
      SavedPicture picture = SavedPicture.parse(open(DurableFiles.read(file, MOST)));
      check(picture);
      return picture;
    } catch (IOException | IllegalArgumentException e) {
      throw new PictureException(file + " cannot be used: " + e.getMessage(), e);
    }
  }

  private byte[] open(byte[] whole) throws PictureException {
    int end = 0;
    while (end < whole.length && end < MOST_HEADING && whole[end] != '\n') end++;
    String first =
        new String(whole, 0, Math.min(end + 1, whole.length), StandardCharsets.ISO_8859_1);
    Matcher matcher = HEADING.matcher(first);
    if (!matcher.matches()) throw new PictureException(file + " is no saved picture");
    int version = Integer.parseInt(matcher.group(1));
    if (version != VERSION)
      throw new PictureException(
          file + " has version " + version + ", and this server reads version " + VERSION);
    return sealer.openFile(
        heading(VERSION), Arrays.copyOfRange(whole, first.length(), whole.length));
  }

  private void check(SavedPicture picture) throws PictureException {
    if (!picture.base().equals(base))
      throw new PictureException(
          file + " is a picture of " + picture.base() + ", and --base-dn says " + base);
    if (Collections.disjoint(picture.servers(), servers))
      throw new PictureException(
          file
              + " was read from "
              + String.join(",", picture.servers())
              + ", and --directory names none of these");
  }

  /// When the file was last written; empty = never.
  public Optional<Instant> savedAt() {
    try {
      return Optional.of(Files.getLastModifiedTime(file).toInstant());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
