package dev.reeve.model.gp;

import dev.reeve.model.ipsec.HostSettings;
import java.util.Optional;

/// A group policy object: it refers to an IPsec policy, it does not contain it.
///
/// @param guid with braces, upper case
/// @param name display name
/// @param computerSettingsDisabled bit 2 of flags
/// @param functionalityVersion 2 or the GPO is ignored
/// @param machineVersion low half of versionNumber; 0 = empty
/// @param factFilter DN of the msWMI-Som named by gPCWQLFilter
public record Gpo(
    Dn dn,
    String guid,
    String name,
    boolean computerSettingsDisabled,
    int functionalityVersion,
    int machineVersion,
    SecurityFilter securityFilter,
    Optional<Dn> factFilter,
    PolicyPointer ipsecPolicy,
    PolicyPointer persistentPolicy,
    HostSettings settings)
    implements GpoEntry {}
