/// Which hosts were revoked goes in; the signed list that other hosts check certificates against
/// comes out. Knows nothing of policies, HTTP or SQL.
@NullMarked
package dev.reeve.server.revocation;

import org.jspecify.annotations.NullMarked;
