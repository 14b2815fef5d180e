/// The server's vault key: secrets are sealed to it the moment they are typed or decoded. Knows
/// nothing of policies or of who asks.
@NullMarked
package dev.reeve.server.secrets;

import org.jspecify.annotations.NullMarked;
