@NullMarked
package dev.reeve.server.enrolment;

import org.jspecify.annotations.NullMarked;
