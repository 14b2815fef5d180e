/// Directory in, signed policy out: the server's process. Open `wiring` to see how it is put
/// together.
@NullMarked
package dev.reeve.server;

import org.jspecify.annotations.NullMarked;
