/// An IPsec policy goes in; one total order of entries, most specific first, comes out. Knows
/// nothing of nftables or XFRM. Source: RFC 4301 section 4.4.1; design decision in docs/adr.
@NullMarked
package dev.reeve.model.spd;

import org.jspecify.annotations.NullMarked;
