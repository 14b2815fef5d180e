/// The ports of enrolment, publishing and reports in SQL: H2 in a file, or PostgreSQL. Knows no
/// rule of theirs; what it returned from is on the disk.
@NullMarked
package dev.reeve.server.store;

import org.jspecify.annotations.NullMarked;
