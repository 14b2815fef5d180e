/// What an administrator of this host adds to the policy in force, for as long as the agent runs.
/// Values and pure functions: knows nothing of sockets, engines or files.
@NullMarked
package dev.reeve.agent.dynamic;

import org.jspecify.annotations.NullMarked;
