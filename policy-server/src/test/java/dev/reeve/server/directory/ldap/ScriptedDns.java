package dev.reeve.server.directory.ldap;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A DNS server on loopback that knows SRV records of one name.
final class ScriptedDns implements AutoCloseable {

  private static final int HEADER = 12;
  private static final int NO_SUCH_NAME = 3;

  record Srv(int priority, int weight, int port, String target) {}

  private final DatagramSocket socket;
  private final String name;
  private final List<Srv> records = new CopyOnWriteArrayList<>();

  private ScriptedDns(DatagramSocket socket, String name) {
    this.socket = socket;
    this.name = name;
  }

  static ScriptedDns of(String name, Srv... records) throws IOException {
    var dns = new ScriptedDns(new DatagramSocket(0, InetAddress.getLoopbackAddress()), name);
    dns.records.addAll(List.of(records));
    var unused = Thread.ofVirtual().start(dns::serve);
    return dns;
  }

  SrvRecords records() {
    return new SrvRecords("dns://127.0.0.1:" + socket.getLocalPort());
  }

  private void serve() {
    var packet = new DatagramPacket(new byte[512], 512);
    while (!socket.isClosed()) {
      try {
        socket.receive(packet);
        byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private byte[] answer(byte[] query) throws IOException {
    var labels = new ArrayList<String>();
    int at = HEADER;
    while (query[at] != 0) {
      labels.add(new String(query, at + 1, query[at], US_ASCII));
      at += query[at] + 1;
    }
    boolean known = String.join(".", labels).equalsIgnoreCase(name);
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(query, 0, 2); // the query's id
    out.writeShort(0x8580 | (known ? 0 : NO_SUCH_NAME)); // an authoritative answer
    out.writeShort(1);
    out.writeShort(known ? records.size() : 0);
    out.writeInt(0);
    out.write(query, HEADER, at + 5 - HEADER); // the question, type and class too
    if (known) for (Srv record : records) write(record, out);
    return bytes.toByteArray();
  }

  private static void write(Srv record, DataOutputStream out) throws IOException {
    var target = new ByteArrayOutputStream();
    for (String label : record.target().split("\\.")) {
      target.write(label.length());
      target.writeBytes(label.getBytes(US_ASCII));
    }
    target.write(0);
    out.writeShort(0xC000 | HEADER); // the name of the question
    out.writeShort(33); // SRV
    out.writeShort(1); // IN
    out.writeInt(60);
    out.writeShort(6 + target.size());
    out.writeShort(record.priority());
    out.writeShort(record.weight());
    out.writeShort(record.port());
    out.write(target.toByteArray());
  }

  void fallSilent() {
    socket.close();
  }

  @Override
  public void close() {
    fallSilent();
  }
}
