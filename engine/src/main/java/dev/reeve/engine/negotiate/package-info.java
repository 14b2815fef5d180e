/// A policy, its SPD and what this host has to negotiate with go in; connections for charon and
/// policies for the kernel come out, and for each rule whether it can be negotiated. Pure: knows
/// nothing of how either is told.
@NullMarked
package dev.reeve.engine.negotiate;

import org.jspecify.annotations.NullMarked;
