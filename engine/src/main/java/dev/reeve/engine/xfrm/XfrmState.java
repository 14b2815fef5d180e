package dev.reeve.engine.xfrm;

import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.model.net.IpAddress;
import java.util.List;

/// One association of the kernel, in one direction.
///
/// @param spi 0 while a peer is being asked
/// @param inUdp through a NAT
public record XfrmState(
    IpAddress source,
    IpAddress destination,
    Protocol protocol,
    long spi,
    long reqid,
    boolean tunnel,
    boolean inUdp) {

  /// Request ids are ours from here to the end: a digest of what the association must be.
  public static final long FIRST_REQID = 0x4000_0000L;

  public static final long LAST_REQID = 0x7fff_ffffL;

  private static final long AROUND = 0x4000_0000L;

  boolean isOurs() {
    return isOurs(reqid);
  }

  public static boolean isOurs(long reqid) {
    return FIRST_REQID <= reqid && reqid <= LAST_REQID + AROUND;
  }

  /// The request id of the AH that stands around ESP with that request id.
  public static long around(long reqid) {
    return reqid + AROUND;
  }

  /// Whether of AH around ESP: of the two, the kernel asks for the ESP alone.
  public boolean isAround() {
    return reqid > LAST_REQID;
  }

  public boolean isLarval() {
    return spi == 0;
  }

  /// The lines of `ip -batch` that remove it. A request has no SPI to name it by: it is given one.
  List<String> toDelete() {
    String ends = "src %s dst %s proto %s".formatted(source, destination, protocol);
    if (!isLarval()) return List.of("xfrm state delete %s spi 0x%08x".formatted(ends, spi));
    return List.of(
        "xfrm state allocspi %s mode %s reqid %d min %d max %d"
            .formatted(ends, tunnel ? "tunnel" : "transport", reqid, DOOMED, DOOMED),
        "xfrm state delete %s spi %d".formatted(ends, DOOMED));
  }

  /// Below those that charon takes.
  private static final int DOOMED = 0x5245;
}
