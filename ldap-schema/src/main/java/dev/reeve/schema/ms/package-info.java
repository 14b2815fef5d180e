/// Microsoft's binary forms, byte for byte: ipsecData of MS-GPIPSEC and security descriptors of
/// MS-DTYP. Every length is checked before it is used. Knows nothing of directories.
@NullMarked
package dev.reeve.schema.ms;

import org.jspecify.annotations.NullMarked;
