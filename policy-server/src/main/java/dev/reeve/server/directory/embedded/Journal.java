package dev.reeve.server.directory.embedded;

import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.DamagedStore;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// An append-only file of framed records. An appended record is on the disk when `append` returns.
///
/// File: header (`REEVEJNL`, format 1 as int, generation as long, CRC32C of these as int), then
/// records. Record: marker `FF 52 4A 31`, payload length as int, sequence number from 1 as long,
/// CRC32C of length, sequence and payload as int, payload. All numbers are big-endian. A payload is
/// pure ASCII (LDIF writes the rest as base64), so the marker's first byte occurs in no payload.
///
/// Every record is synced before the next one is written. So at most the last one can be torn, and
/// damage with another record's marker behind it is damage to what was acknowledged.
final class Journal implements Closeable {
  static final int HEADER_BYTES = 24;
  static final int FRAME_BYTES = 20;
  private static final byte[] MAGIC = "REEVEJNL".getBytes(StandardCharsets.US_ASCII);
  private static final int FORMAT = 1;
  private static final int MARKER = 0xFF52_4A31;

  /// Where records go. The seam at which tests make a disk fail.
  interface Sink extends Closeable {
    void write(byte[] bytes) throws IOException;

    void sync() throws IOException;
  }

  @FunctionalInterface
  interface Sinks {
    Sink append(Path file) throws IOException;
  }

  /// What a journal file holds.
  ///
  /// @param payloads of the whole records, first written first
  /// @param goodBytes the length up to the end of the last whole record
  /// @param torn the bytes behind it: what was written of a record that was never acknowledged
  record Contents(List<byte[]> payloads, long goodBytes, byte[] torn) {}

  private final Sink sink;
  private long sequence;
  private long size;

  private Journal(Sink sink, long sequence, long size) {
    this.sink = sink;
    this.sequence = sequence;
    this.size = size;
  }

  /// An empty journal, whole or absent.
  static Contents create(Path file, long generation) throws IOException {
    var header = ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(FORMAT).putLong(generation);
    header.putInt(crc(header.array(), 0, HEADER_BYTES - 4));
    DurableFiles.write(file, out -> out.write(header.array()));
    return new Contents(List.of(), HEADER_BYTES, new byte[0]);
  }

  static Journal append(Path file, Contents contents, Sinks sinks) throws IOException {
    return new Journal(sinks.append(file), contents.payloads().size(), contents.goodBytes());
  }

  static Contents read(Path file, long generation) throws IOException, DamagedStore {
    var bytes = Files.readAllBytes(file);
    checkHeader(file, bytes, generation);
    var in = ByteBuffer.wrap(bytes);
    var payloads = new ArrayList<byte[]>();
    int offset = HEADER_BYTES;
    while (offset < bytes.length) {
      var damage = damage(in, offset, payloads.size() + 1);
      if (!damage.isEmpty()) {
        int next = nextMarker(in, offset + 1);
        if (next >= 0) {
          throw new DamagedStore(
              file, offset, "%s, and a record follows at byte %d".formatted(damage, next));
        }
        return new Contents(payloads, offset, Arrays.copyOfRange(bytes, offset, bytes.length));
      }
      int length = in.getInt(offset + 4);
      payloads.add(Arrays.copyOfRange(bytes, offset + FRAME_BYTES, offset + FRAME_BYTES + length));
      offset += FRAME_BYTES + length;
    }
    return new Contents(payloads, offset, new byte[0]);
  }

  void append(byte[] payload) throws IOException {
    var frame = ByteBuffer.allocate(FRAME_BYTES + payload.length);
    frame.putInt(MARKER).putInt(payload.length).putLong(sequence + 1).putInt(0).put(payload);
    frame.putInt(16, recordCrc(frame, 0, payload.length));
    sink.write(frame.array());
    sink.sync();
    sequence++;
    size += frame.capacity();
  }

  /// Bytes of header and records.
  long size() {
    return size;
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }

  /// A plain stream and not a channel: a channel closes itself when its thread is interrupted, and
  /// an interrupted caller must not end the directory.
  static Sink fileSink(Path file) throws IOException {
    var out = new FileOutputStream(file.toFile(), true);
    return new Sink() {
      @Override
      public void write(byte[] bytes) throws IOException {
        out.write(bytes);
      }

      @Override
      public void sync() throws IOException {
        out.getFD().sync();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  private static void checkHeader(Path file, byte[] bytes, long generation) throws DamagedStore {
    if (bytes.length < HEADER_BYTES) {
      throw new DamagedStore(file, bytes.length, "the header is cut short");
    }
    var header = ByteBuffer.wrap(bytes);
    for (int i = 0; i < MAGIC.length; i++) {
      if (bytes[i] != MAGIC[i]) throw new DamagedStore(file, i, "not a journal");
    }
    if (header.getInt(HEADER_BYTES - 4) != crc(bytes, 0, HEADER_BYTES - 4)) {
      throw new DamagedStore(file, 0, "the header's checksum is wrong");
    }
    if (header.getInt(8) != FORMAT) {
      throw new DamagedStore(
          file, 8, "journal format %d, this server reads %d".formatted(header.getInt(8), FORMAT));
    }
    if (header.getLong(12) != generation) {
      throw new DamagedStore(
          file,
          12,
          "journal of generation %d, wanted %d".formatted(header.getLong(12), generation));
    }
  }

  /// What is wrong with the record at an offset; empty when nothing is.
  private static String damage(ByteBuffer in, int offset, long wantedSequence) {
    int rest = in.limit() - offset;
    if (rest < FRAME_BYTES) return "a record's head is cut short";
    if (in.getInt(offset) != MARKER) return "no record begins here";
    int length = in.getInt(offset + 4);
    if (length < 0 || length > rest - FRAME_BYTES) return "a record is longer than the file";
    if (in.getInt(offset + 16) != recordCrc(in, offset, length)) {
      return "a record's checksum is wrong";
    }
    if (in.getLong(offset + 8) != wantedSequence) {
      return "record %d, wanted %d".formatted(in.getLong(offset + 8), wantedSequence);
    }
    return "";
  }

  private static int nextMarker(ByteBuffer in, int from) {
    for (int i = from; i <= in.limit() - 4; i++) {
      if (in.getInt(i) == MARKER) return i;
    }
    return -1;
  }

  private static int recordCrc(ByteBuffer frame, int offset, int payloadLength) {
    var crc = new CRC32C();
    crc.update(frame.array(), offset + 4, 12);
    crc.update(frame.array(), offset + FRAME_BYTES, payloadLength);
    return (int) crc.getValue();
  }

  private static int crc(byte[] bytes, int from, int length) {
    var crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
