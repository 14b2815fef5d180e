/// The gate: an SPD becomes the nftables table `inet reeve`, as a value that prints itself for `nft
/// -f` and is read back from `nft -j`. Knows nothing of policies and rules, and no other table.
@NullMarked
package dev.reeve.engine.nft;

import org.jspecify.annotations.NullMarked;
