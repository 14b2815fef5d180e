/// Arguments in, one checked record out. Knows nothing of what it configures.
@NullMarked
package dev.reeve.agent.config;

import org.jspecify.annotations.NullMarked;
