/// Local administration through a socket that only root may use: join tokens. Knows nothing of
/// HTTP.
@NullMarked
package dev.reeve.server.admin;

import org.jspecify.annotations.NullMarked;
