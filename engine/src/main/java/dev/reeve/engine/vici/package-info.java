/// Commands to a charon go in; its answers and events come out. Knows nothing of policies.
///
/// [ViciCodec] is bytes ⇄ values and pure; [ViciClient] adds the socket. Source: strongSwan,
/// `src/libcharon/plugins/vici/README.md`; limits as its sources enforce them.
@NullMarked
package dev.reeve.engine.vici;

import org.jspecify.annotations.NullMarked;
