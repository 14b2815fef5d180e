package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import com.unboundid.util.ByteStringBuffer;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.DamagedStore;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// The whole directory as LDIF, operational attributes and password hashes included. The last line
/// is a comment with the number of entries and a CRC32C of all bytes before it, so that other LDAP
/// tools can read the file and a damaged one is noticed.
final class SnapshotFile {
  private SnapshotFile() {}

  private static final Pattern FOOTER =
      Pattern.compile("# end: (\\d+) entries, crc32c ([0-9a-f]{8})\n");
  private static final int FOOTER_MAX_BYTES = 64;

  static void write(OutputStream out, Collection<? extends Entry> entries) throws IOException {
    var crc = new CRC32C();
    var buffered = new BufferedOutputStream(out, 1 << 16);
    var line = new ByteStringBuffer();
    line.append("# Reeve embedded directory, snapshot format 1\n\n");
    for (var entry : entries) {
      entry.toLDIF(line, 0);
      line.append("\n");
      flush(line, crc, buffered);
    }
    flush(line, crc, buffered);
    line.append("# end: %d entries, crc32c %08x\n".formatted(entries.size(), crc.getValue()));
    line.write(buffered);
    buffered.flush();
  }

  static NavigableMap<DN, Entry> read(Path file, Schema schema) throws IOException, DamagedStore {
    var bytes = Files.readAllBytes(file);
    int tail = Math.max(0, bytes.length - FOOTER_MAX_BYTES);
    var text = new String(bytes, tail, bytes.length - tail, StandardCharsets.ISO_8859_1);
    var footer = FOOTER.matcher(text);
    if (!footer.find() || footer.end() != text.length()) {
      throw new DamagedStore(file, bytes.length, "the last line is missing");
    }
    int end = tail + footer.start();
    var crc = new CRC32C();
    crc.update(bytes, 0, end);
    if (!"%08x".formatted(crc.getValue()).equals(footer.group(2))) {
      throw new DamagedStore(file, 0, "the checksum is wrong");
    }
    try {
      var tree = parse(new ByteArrayInputStream(bytes, 0, end), schema);
      if (!Integer.toString(tree.size()).equals(footer.group(1))) {
        throw new DamagedStore(
            file, end, "%d entries, wanted %s".formatted(tree.size(), footer.group(1)));
      }
      return tree;
    } catch (LDAPException | LDIFException e) {
      throw new DamagedStore(file, 0, "an entry is unreadable: " + e.getMessage(), e);
    }
  }

  /// Entries of an LDIF stream, in any order; two entries of one name are refused. The schema tells
  /// which values are equal: without it values that differ only in case would be dropped.
  static NavigableMap<DN, Entry> parse(InputStream ldif, Schema schema)
      throws IOException, LDIFException, LDAPException {
    var tree = new TreeMap<DN, Entry>();
    try (var reader = new LDIFReader(ldif)) {
      reader.setSchema(schema);
      for (var entry = reader.readEntry(); entry != null; entry = reader.readEntry()) {
        var twin = tree.put(new DN(entry.getDN(), schema), entry);
        if (twin != null) {
          throw new LDIFException("%s is there twice".formatted(entry.getDN()), 0, true, null);
        }
      }
    }
    return tree;
  }

  private static void flush(ByteStringBuffer text, CRC32C crc, OutputStream out)
      throws IOException {
    crc.update(text.getBackingArray(), 0, text.length());
    text.write(out);
    text.clear();
  }
}
