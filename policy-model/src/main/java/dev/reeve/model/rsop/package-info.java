/// A directory snapshot and a computer go in; one verdict per link comes out. Knows nothing of
/// LDAP, clocks or the wire. Source: MS-GPOL 3.2.5; the precedence table is RsopPrecedenceTest.
@NullMarked
package dev.reeve.model.rsop;

import org.jspecify.annotations.NullMarked;
