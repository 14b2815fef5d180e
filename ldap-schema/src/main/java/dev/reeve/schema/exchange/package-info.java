/// IPsec policies between their forms: directory entries of either encoding and a readable file in,
/// the same out, and a finding for whatever the other form has no words for. Knows nothing of
/// files, hosts and servers.
@NullMarked
package dev.reeve.schema.exchange;

import org.jspecify.annotations.NullMarked;
