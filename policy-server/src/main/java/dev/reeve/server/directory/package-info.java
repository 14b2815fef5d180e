/// Directory in, one current snapshot out: a port, an adapter per kind of directory, and the
/// picture they keep current. Knows nothing of hosts, manifests or HTTP.
@NullMarked
package dev.reeve.server.directory;

import org.jspecify.annotations.NullMarked;
