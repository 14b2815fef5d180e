package dev.reeve.server.directory;

import com.unboundid.ldap.sdk.Attribute;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// The picture of a directory, to go on with after a restart.
///
/// Its bytes hold pre-shared keys readable, where Microsoft's objects do: they are for a sealed
/// file and for nothing else.
///
/// @param servers where it was read
/// @param asOf when it was last known to be what the directory holds
record SavedPicture(Dn base, List<String> servers, Instant asOf, List<LdapEntry> entries) {

  private static final int BUFFER = 1 << 16;
  private static final int MOST_OF_ONE = 64 << 20; // an LDAP message is not larger

  byte[] toBytes() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var fast = new Deflater(Deflater.BEST_SPEED);
    try (var out =
        new DataOutputStream(
            new BufferedOutputStream(new DeflaterOutputStream(bytes, fast), BUFFER))) {
      write(out, base.toString());
      out.writeInt(servers.size());
      for (String server : servers) write(out, server);
      out.writeLong(asOf.toEpochMilli());
      out.writeInt(entries.size());
      for (LdapEntry entry : entries) write(out, entry);
    } finally {
      fast.end();
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, LdapEntry entry) throws IOException {
    write(out, entry.dn().toString());
    write(out, entry.stamp());
    out.writeInt(entry.attributeNames().size());
    for (String name : entry.attributeNames()) {
      List<byte[]> values = entry.bytes(name);
      write(out, name);
      out.writeInt(values.size());
      for (byte[] value : values) write(out, value);
    }
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    write(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /// @throws IOException when that is not what `toBytes` wrote
  /// @throws IllegalArgumentException likewise
  static SavedPicture parse(byte[] bytes) throws IOException {
    try (var in =
        new DataInputStream(
            new BufferedInputStream(
                new InflaterInputStream(new ByteArrayInputStream(bytes)), BUFFER))) {
      Dn base = Dn.parse(text(in));
      var servers = new ArrayList<String>();
      for (int left = in.readInt(); left > 0; left--) servers.add(text(in));
      Instant asOf = Instant.ofEpochMilli(in.readLong());
      var entries = new ArrayList<LdapEntry>();
      for (int left = in.readInt(); left > 0; left--) entries.add(entry(in));
      if (in.read() >= 0) throw new IOException("more follows after the last entry");
      return new SavedPicture(base, servers, asOf, entries);
    }
  }

  private static LdapEntry entry(DataInputStream in) throws IOException {
    Dn dn = Dn.parse(text(in));
    String stamp = text(in);
    var attributes = new ArrayList<Attribute>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = text(in);
      var values = new ArrayList<byte[]>();
      for (int more = in.readInt(); more > 0; more--) values.add(bytes(in));
      attributes.add(new Attribute(name, values.toArray(byte[][]::new)));
    }
    return LdapEntry.of(dn, attributes).withStamp(stamp);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST_OF_ONE)
      throw new IOException("a value of " + length + " bytes");
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) throw new IOException("ends in the middle of a value");
    return bytes;
  }
}
