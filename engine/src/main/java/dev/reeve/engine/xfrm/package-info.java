/// Policies and associations of the kernel's IPsec (XFRM), as values and through `ip xfrm`. Touches
/// only what lies in the bands of priorities and request ids that are ours.
@NullMarked
package dev.reeve.engine.xfrm;

import org.jspecify.annotations.NullMarked;
