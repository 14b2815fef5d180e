/// External directories, the real programs started for the test.
@NullMarked
package dev.reeve.server.directory.ldap;

import org.jspecify.annotations.NullMarked;
