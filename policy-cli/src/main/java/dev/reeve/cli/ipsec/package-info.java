/// IPsec policies in and out: Microsoft's objects, our own, readable files and the stores of this
/// host. Decides where things go; what they say is turned over in `dev.reeve.schema.exchange`.
@NullMarked
package dev.reeve.cli.ipsec;

import org.jspecify.annotations.NullMarked;
