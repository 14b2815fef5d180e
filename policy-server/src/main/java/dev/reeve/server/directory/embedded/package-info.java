/// LDAP requests and in-process changes go in; a directory that survives a crash, and a list of
/// changes in the order they were made, come out. Knows nothing of Spring, policy or hosts: what an
/// entry means is read elsewhere.
///
/// The tree is UnboundID's in-memory one. In front of it stands one write lock: apply, append to
/// the journal, sync, tell the listeners, answer.
@NullMarked
package dev.reeve.server.directory.embedded;

import org.jspecify.annotations.NullMarked;
