package dev.reeve.engine.xfrm;

import dev.reeve.engine.kernel.Netlink;
import dev.reeve.engine.kernel.Netlink.Answer;
import dev.reeve.engine.kernel.Netlink.Request;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Policies as netlink carries them.
///
/// Source: linux/xfrm.h: `xfrm_userpolicy_info`, `xfrm_userpolicy_id`, `xfrm_user_tmpl`.
final class PolicyCodec {

  static final Request LIST = new Request(0x15, Netlink.REQUEST | Netlink.DUMP, new byte[0]);

  /// Answered with `xfrmu_spdinfo`.
  static final Request COUNT = new Request(0x25, Netlink.REQUEST, new byte[4]);

  /// Answered with `xfrm_userpolicy_default`.
  static final Request DEFAULTS = new Request(0x28, Netlink.REQUEST, new byte[4]);

  /// `XFRM_USERPOLICY_ACCEPT` for each direction.
  static final Request ACCEPT =
      new Request(0x27, Netlink.REQUEST | Netlink.ACK, new byte[] {2, 2, 2, 0});

  private static final int FLAGS = 4;
  private static final int SPD_INFO = 1;
  private static final int NEW = 0x13;
  private static final int DELETE = 0x14;
  private static final int ACQUIRE = 0x17;
  private static final int UPDATE = 0x19;
  private static final int TEMPLATES = 5;

  private static final int SELECTOR = 56;
  private static final int INFO = 168;
  private static final int ID = 64;
  private static final int TEMPLATE = 64;
  private static final int ATTRIBUTE = 4;

  private static final int ESP = 50;
  private static final int AH = 51;

  private static final int ACQUIRE_SOURCE_AT = 24;
  private static final int ACQUIRE_SELECTOR_AT = 40;
  private static final int ACQUIRE_POLICY_AT = 96;
  private static final int ACQUIRE_SIZE = 280;

  private static final int PRIORITY_AT = 152;
  private static final int DIRECTION_AT = 160;
  private static final int ACTION_AT = 161;
  private static final int IFINDEX_AT = 48;

  private PolicyCodec() {}

  static Request update(XfrmPolicy policy) {
    ByteBuffer out = buffer(INFO + templates(policy));
    info(policy, out, INFO);
    return new Request(UPDATE, Netlink.REQUEST | Netlink.ACK, out.array());
  }

  /// As if a packet had asked: the kernel passes it on to whoever negotiates.
  ///
  /// Source: linux/xfrm.h: `xfrm_user_acquire`.
  static Request acquire(XfrmAcquire asked) {
    ByteBuffer out = buffer(ACQUIRE_SIZE + templates(asked.policy()));
    selector(asked.selector(), out.slice(ACQUIRE_SELECTOR_AT, SELECTOR).order(out.order()));
    out.put(0, asked.destination().toBytes());
    out.put(ACQUIRE_SOURCE_AT, asked.source().toBytes());
    info(
        asked.policy(),
        out.slice(ACQUIRE_POLICY_AT, out.limit() - ACQUIRE_POLICY_AT).order(out.order()),
        ACQUIRE_SIZE - ACQUIRE_POLICY_AT);
    for (int at = ACQUIRE_SIZE - 16; at < ACQUIRE_SIZE - 4; at += 4) out.putInt(at, -1);
    return new Request(ACQUIRE, Netlink.REQUEST | Netlink.ACK, out.array());
  }

  private static int templates(XfrmPolicy policy) {
    return policy.action() instanceof Action.Protect protect ? ATTRIBUTE + size(protect) : 0;
  }

  private static int size(Action.Protect protect) {
    return protect.layers() == Layers.ESP_IN_AH ? 2 * TEMPLATE : TEMPLATE;
  }

  /// @param attributes where they begin
  private static void info(XfrmPolicy policy, ByteBuffer out, int attributes) {
    selector(policy.selector(), out);
    for (int at = SELECTOR; at < SELECTOR + 32; at += 8) out.putLong(at, -1); // no limits
    out.putInt(PRIORITY_AT, (int) policy.priority());
    out.put(DIRECTION_AT, direction(policy.direction()));
    out.put(ACTION_AT, (byte) (policy.action() == Action.Block.BLOCK ? 1 : 0));
    switch (policy.action()) {
      case Action.Allow _, Action.Block _ -> {}
      case Action.Protect protect -> {
        out.putShort(attributes, (short) (ATTRIBUTE + size(protect)));
        out.putShort(attributes + 2, (short) TEMPLATES);
        int first = attributes + ATTRIBUTE;
        int protocol = protect.layers() == Layers.AH ? AH : ESP;
        template(protect, protocol, protect.reqid(), policy.selector(), out, first);
        if (protect.layers() == Layers.ESP_IN_AH) {
          long around = XfrmState.around(protect.reqid());
          template(protect, AH, around, policy.selector(), out, first + TEMPLATE);
        }
      }
      case Action.Foreign(var text) -> throw new IllegalStateException(text);
    }
  }

  static Request delete(XfrmPolicy policy) {
    ByteBuffer out = buffer(ID);
    selector(policy.selector(), out);
    out.put(SELECTOR + 4, direction(policy.direction()));
    return new Request(DELETE, Netlink.REQUEST | Netlink.ACK, out.array());
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  private static void selector(XfrmSelector selector, ByteBuffer out) {
    out.put(0, selector.destination().network().toBytes());
    out.put(16, selector.source().network().toBytes());
    ports(selector.destinationPort(), out, 32);
    ports(selector.sourcePort(), out, 36);
    out.putShort(40, (short) XfrmAddress.family(selector.source().family()));
    out.put(42, (byte) selector.destination().length());
    out.put(43, (byte) selector.source().length());
    out.put(44, (byte) selector.protocol());
  }

  private static void ports(Optional<PortBlock> ports, ByteBuffer out, int at) {
    ports.ifPresent(block -> {
      big(out, at, block.first());
      big(out, at + 2, block.mask());
    });
  }

  private static void big(ByteBuffer out, int at, int value) {
    out.put(at, (byte) (value >> 8)).put(at + 1, (byte) value);
  }

  private static int big(ByteBuffer in, int at) {
    return Byte.toUnsignedInt(in.get(at)) << 8 | Byte.toUnsignedInt(in.get(at + 1));
  }

  private static byte direction(Direction direction) {
    return (byte)
        switch (direction) {
          case IN -> 0;
          case OUT -> 1;
          case FWD -> 2;
        };
  }

  /// The first one is applied to a packet first.
  private static void template(
      Action.Protect protect,
      int protocol,
      long reqid,
      XfrmSelector selector,
      ByteBuffer out,
      int at) {
    IpFamily family = selector.source().family();
    if (protect.mode() instanceof Mode.Tunnel(var from, var to)) {
      family = from.family();
      out.put(at, to.toBytes());
      out.put(at + 28, from.toBytes());
      out.put(at + 48, (byte) 1);
    }
    out.put(at + 20, (byte) protocol);
    out.putShort(at + 24, (short) XfrmAddress.family(family));
    out.putInt(at + 44, (int) reqid);
    out.put(at + 50, (byte) (protect.required() ? 0 : 1));
    for (int i = 52; i < TEMPLATE; i += 4) out.putInt(at + i, -1); // any algorithm
  }

  /// The answer to [#COUNT].
  static PolicyCount count(Answer answer) throws ToolException {
    Optional<ByteBuffer> info =
        answer.attribute(FLAGS, SPD_INFO).filter(value -> value.limit() >= 12);
    if (info.isPresent()) {
      ByteBuffer in = info.get();
      return new PolicyCount(in.getInt(0), in.getInt(4), in.getInt(8));
    }
    throw new ToolException("netlink: the kernel does not say how many policies it holds");
  }

  /// The answer to [#DEFAULTS]: whether some direction blocks what no policy speaks of.
  static boolean blocks(Answer answer) throws ToolException {
    ByteBuffer in = answer.body();
    if (in.limit() < 3) throw new ToolException("netlink: the kernel does not say its defaults");
    return in.get(0) == 1 || in.get(1) == 1 || in.get(2) == 1;
  }

  /// Empty for what is none of ours: of a socket, or of another band of priorities.
  static Optional<XfrmPolicy> read(Answer answer) {
    return any(answer).filter(XfrmPolicy::isOurs);
  }

  /// Empty for what we could not have written.
  static Optional<XfrmPolicy> any(Answer answer) {
    ByteBuffer in = answer.body();
    if (answer.type() != NEW || in.limit() < INFO) return Optional.empty();
    long priority = Integer.toUnsignedLong(in.getInt(PRIORITY_AT));
    int way = in.get(DIRECTION_AT);
    if (way < 0 || way > 2) return Optional.empty();
    Direction direction =
        switch (way) {
          case 0 -> Direction.IN;
          case 1 -> Direction.OUT;
          default -> Direction.FWD;
        };
    try {
      return Optional.of(new XfrmPolicy(direction, selector(in), priority, action(answer)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static XfrmSelector selector(ByteBuffer in) {
    int family = in.getShort(40);
    if (!XfrmAddress.isFamily(family)) throw new IllegalArgumentException("family");
    return new XfrmSelector(
        prefix(in, 16, family, Byte.toUnsignedInt(in.get(43))),
        prefix(in, 0, family, Byte.toUnsignedInt(in.get(42))),
        Byte.toUnsignedInt(in.get(44)),
        ports(in, 36),
        ports(in, 32));
  }

  private static IpPrefix prefix(ByteBuffer in, int at, int family, int length) {
    return IpPrefix.containing(XfrmAddress.read(in, at, family), length);
  }

  private static Optional<PortBlock> ports(ByteBuffer in, int at) {
    int mask = big(in, at + 2);
    if (mask == 0) return Optional.empty();
    return Optional.of(new PortBlock(big(in, at), Integer.bitCount(mask)));
  }

  private static Action action(Answer answer) {
    boolean blocks = answer.body().get(ACTION_AT) != 0;
    if (answer.body().getInt(IFINDEX_AT) != 0) return new Action.Foreign("bound to an interface");
    Optional<ByteBuffer> templates =
        answer.attribute(INFO, TEMPLATES).filter(value -> value.limit() > 0);
    if (templates.isEmpty()) return blocks ? Action.Block.BLOCK : Action.Allow.ALLOW;
    ByteBuffer in = templates.get();
    int length = in.limit();
    if (!blocks && length == TEMPLATE) return protect(in);
    return !blocks && length == 2 * TEMPLATE && isAround(in)
        ? protect(in, Layers.ESP_IN_AH)
        : new Action.Foreign(length / TEMPLATE + " templates");
  }

  /// Whether the second template is that of AH around what the first one says.
  private static boolean isAround(ByteBuffer in) {
    long reqid = Integer.toUnsignedLong(in.getInt(44));
    return in.get(20) == ESP
        && in.get(TEMPLATE + 20) == AH
        && Integer.toUnsignedLong(in.getInt(TEMPLATE + 44)) == XfrmState.around(reqid)
        && (in.get(48) == 0 || in.get(48) == 1)
        && in.slice(0, 16).equals(in.slice(TEMPLATE, 16))
        && in.slice(28, 16).equals(in.slice(TEMPLATE + 28, 16))
        && in.get(48) == in.get(TEMPLATE + 48)
        && in.get(50) == in.get(TEMPLATE + 50);
  }

  private static Action protect(ByteBuffer in) {
    int protocol = in.get(20);
    int mode = in.get(48);
    if (protocol != ESP && protocol != AH || mode != 0 && mode != 1) {
      return new Action.Foreign("protocol " + protocol + " in mode " + mode);
    }
    return protect(in, protocol == AH ? Layers.AH : Layers.ESP);
  }

  private static Action protect(ByteBuffer in, Layers layers) {
    int family = in.getShort(24);
    int mode = in.get(48);
    return new Action.Protect(
        layers,
        Integer.toUnsignedLong(in.getInt(44)),
        mode == 1
            ? new Mode.Tunnel(XfrmAddress.read(in, 28, family), XfrmAddress.read(in, 0, family))
            : Mode.Transport.TRANSPORT,
        in.get(50) == 0);
  }
}
