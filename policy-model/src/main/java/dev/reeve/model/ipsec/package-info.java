/// The IPsec policy of a host as an administrator wrote it: rules, filters, actions,
/// authentication, settings. Knows nothing of where it was stored or how it is enforced.
@NullMarked
package dev.reeve.model.ipsec;

import org.jspecify.annotations.NullMarked;
