package dev.reeve.server.wiring;

import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.ldap.LdapConfig;
import java.util.Optional;

/// A domain beside the first, whose GPOs sites of the first may link.
///
/// @param external where it is read; empty = it is a second base of the embedded directory
public record FurtherDomain(Dn baseDn, Optional<LdapConfig> external) {}
