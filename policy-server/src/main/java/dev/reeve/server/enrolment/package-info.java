/// A token and a key go in; a host id, a certificate and the trust it needs come out, or a refusal.
/// Knows nothing of HTTP, SQL or LDAP.
@NullMarked
package dev.reeve.server.enrolment;

import org.jspecify.annotations.NullMarked;
