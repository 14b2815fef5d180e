/// What must survive the process: identity, the bundles in force, the floor, the local stores.
/// Every write is whole or not there; whatever is read back is verified again. Knows nothing of
/// servers.
@NullMarked
package dev.reeve.agent.disk;

import org.jspecify.annotations.NullMarked;
