/// Keys, certificates and signatures: what makes bytes trusted enters here, and "yes" or a refusal
/// leaves. Shared by server and agent. Knows nothing of what policy says, of HTTP or of storage
/// other than single files.
@NullMarked
package dev.reeve.trust;

import org.jspecify.annotations.NullMarked;
