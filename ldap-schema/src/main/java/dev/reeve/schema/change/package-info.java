/// Entries and LDIF changes go in, the entries after the changes come out, as a directory would
/// have them. Knows nothing of what the entries mean to Group Policy. Source: RFC 4511 sections 4.6
/// to 4.9, RFC 2849.
@NullMarked
package dev.reeve.schema.change;

import org.jspecify.annotations.NullMarked;
