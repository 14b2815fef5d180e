package dev.reeve.model.gp;

import dev.reeve.model.net.IpPrefix;
import java.util.Optional;

/// A subnet object: hosts in `prefix` are in `site`.
public record Subnet(Dn dn, IpPrefix prefix, Optional<Dn> site) {}
