/// What a host should enforce goes in; a signed manifest with its version, ready to serve, comes
/// out. Knows nothing of directories or HTTP.
@NullMarked
package dev.reeve.server.publish;

import org.jspecify.annotations.NullMarked;
