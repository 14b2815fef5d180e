package dev.reeve.engine.xfrm;

import dev.reeve.model.net.PortRange;
import java.util.ArrayList;
import java.util.List;

/// Ports as the kernel can tell them apart: those that share their leading bits. For ICMP, types.
///
/// @param bits how many leading bits count, 1..16
public record PortBlock(int first, int bits) {

  public static final int BITS = 16;

  public PortBlock {
    if (first < 0 || first > 65535 || bits < 1 || bits > BITS || (first & ~mask(bits)) != 0) {
      throw new IllegalArgumentException(first + "/" + bits + " is no block of ports");
    }
  }

  public static PortBlock of(int port) {
    return new PortBlock(port, BITS);
  }

  /// The fewest blocks that hold just these ports, which are not all: at most 30.
  public static List<PortBlock> of(PortRange range) {
    var blocks = new ArrayList<PortBlock>();
    for (int next = range.first(); next <= range.last(); next = blocks.getLast().last() + 1) {
      int bits = BITS;
      while (bits > 1
          && (next & ~mask(bits - 1)) == 0
          && (next | ~mask(bits - 1) & 0xffff) <= range.last()) {
        bits--;
      }
      blocks.add(new PortBlock(next, bits));
    }
    return blocks;
  }

  public int last() {
    return first | ~mask(bits) & 0xffff;
  }

  int mask() {
    return mask(bits);
  }

  private static int mask(int bits) {
    return 0xffff << BITS - bits & 0xffff;
  }

  boolean overlaps(PortBlock other) {
    return first <= other.last() && other.first <= last();
  }

  /// `80`, or `1024-2047`.
  @Override
  public String toString() {
    return bits == BITS ? Integer.toString(first) : first + "-" + last();
  }
}
