/// What travels from server to host, signed, and the gate where it is admitted or refused. Knows
/// nothing of HTTP, files or keys: signature checking is a port.
@NullMarked
package dev.reeve.model.bundle;

import org.jspecify.annotations.NullMarked;
