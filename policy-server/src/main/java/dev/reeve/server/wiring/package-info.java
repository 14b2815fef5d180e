/// How the server is put together: the only bean declarations, one configuration per feature, and
/// the properties records.
@NullMarked
package dev.reeve.server.wiring;

import org.jspecify.annotations.NullMarked;
