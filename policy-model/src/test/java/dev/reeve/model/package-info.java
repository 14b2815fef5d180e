/// Tests of the module as a whole: which package may know which.
@NullMarked
package dev.reeve.model;

import org.jspecify.annotations.NullMarked;
