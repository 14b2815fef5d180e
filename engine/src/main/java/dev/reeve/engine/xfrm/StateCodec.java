package dev.reeve.engine.xfrm;

import dev.reeve.engine.kernel.Netlink;
import dev.reeve.engine.kernel.Netlink.Answer;
import dev.reeve.engine.kernel.Netlink.Request;
import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Associations as netlink carries them.
///
/// Source: linux/xfrm.h: `xfrm_usersa_info`.
final class StateCodec {

  static final Request LIST = new Request(0x12, Netlink.REQUEST | Netlink.DUMP, new byte[0]);

  private static final int NEW = 0x10;
  private static final int ENCAPSULATION = 4;
  private static final int INFO = 224;

  private static final int DESTINATION_AT = 56;
  private static final int SPI_AT = 72;
  private static final int PROTOCOL_AT = 76;
  private static final int SOURCE_AT = 80;
  private static final int REQID_AT = 208;
  private static final int FAMILY_AT = 212;
  private static final int MODE_AT = 214;

  private StateCodec() {}

  /// Empty for what is none of ours: other request ids, other protocols.
  static Optional<XfrmState> read(Answer answer) {
    ByteBuffer in = answer.body();
    if (answer.type() != NEW || in.limit() < INFO) return Optional.empty();
    int family = in.getShort(FAMILY_AT);
    int protocol = Byte.toUnsignedInt(in.get(PROTOCOL_AT));
    if (!XfrmAddress.isFamily(family) || protocol != 50 && protocol != 51) {
      return Optional.empty();
    }
    int spi = in.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(SPI_AT);
    var state =
        new XfrmState(
            XfrmAddress.read(in, SOURCE_AT, family),
            XfrmAddress.read(in, DESTINATION_AT, family),
            protocol == 51 ? Protocol.AH : Protocol.ESP,
            Integer.toUnsignedLong(spi),
            Integer.toUnsignedLong(in.getInt(REQID_AT)),
            in.get(MODE_AT) == 1,
            answer.attribute(INFO, ENCAPSULATION).isPresent());
    return state.isOurs() ? Optional.of(state) : Optional.empty();
  }
}
