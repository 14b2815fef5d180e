/// What a host reports: facts only, never a request. Knows nothing of who reads it.
@NullMarked
package dev.reeve.model.status;

import org.jspecify.annotations.NullMarked;
