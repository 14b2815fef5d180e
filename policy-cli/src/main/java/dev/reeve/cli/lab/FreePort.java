package dev.reeve.cli.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Ports of 127.0.0.1 that nobody listens on.
final class FreePort {

  private FreePort() {}

  /// @return `wished` when it is free, else any
  static int near(int wished) throws LabException {
    return isFree(wished) ? wished : any();
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static int any() throws LabException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new LabException("no free port on 127.0.0.1", e);
    }
  }
}
