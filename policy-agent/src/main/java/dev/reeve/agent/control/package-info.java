/// The local socket that gpupdate and gpresult talk to, both ends of it: one line of JSON in, one
/// line out. Who may ask what is decided here; what is answered is not.
@NullMarked
package dev.reeve.agent.control;

import org.jspecify.annotations.NullMarked;
