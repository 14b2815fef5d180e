/// What each of the five kinds of IPsec object says, and our JSON encoding of it. Knows nothing of
/// references between objects.
@NullMarked
package dev.reeve.schema.ipsec;

import org.jspecify.annotations.NullMarked;
