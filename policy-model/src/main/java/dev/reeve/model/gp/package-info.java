/// Group Policy as read from a directory: who is where, what is linked, and what could not be read.
/// Knows nothing of LDAP, attributes or encodings.
@NullMarked
package dev.reeve.model.gp;

import org.jspecify.annotations.NullMarked;
