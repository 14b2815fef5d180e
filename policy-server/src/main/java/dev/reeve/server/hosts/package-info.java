/// Enrolled hosts: who they are, what they asked, what they were given and what they reported, put
/// together from enrolment, publishing and reports. Knows nothing of HTTP or SQL.
@NullMarked
package dev.reeve.server.hosts;

import org.jspecify.annotations.NullMarked;
