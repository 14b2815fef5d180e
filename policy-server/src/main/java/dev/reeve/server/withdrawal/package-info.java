/// The brake: a change that takes policy from much of the fleet waits for an administrator.
@NullMarked
package dev.reeve.server.withdrawal;

import org.jspecify.annotations.NullMarked;
