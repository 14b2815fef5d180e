/// An external directory in, its content and its changes out: OpenLDAP, 389 DS, Samba AD, Active
/// Directory and whatever else speaks LDAP. Three feeds, one rule: what was not read completely,
/// and what only looks gone because our rights went, is never delivered as the truth. Knows nothing
/// of Group Policy beyond which attributes it hangs on.
@NullMarked
package dev.reeve.server.directory.ldap;

import org.jspecify.annotations.NullMarked;
