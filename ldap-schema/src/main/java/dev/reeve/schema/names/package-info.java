/// What things are called in LDAP: attribute and object-class names with their OIDs. Knows nothing
/// of what they mean.
@NullMarked
package dev.reeve.schema.names;

import org.jspecify.annotations.NullMarked;
