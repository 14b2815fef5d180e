package dev.reeve.server.endpoint;

import dev.reeve.trust.HostCertificate;
import java.util.Optional;

/// What a host asks, out of HTTP's hands.
///
/// @param certificate empty for a host that has none yet
/// @param address where it comes from, for the limiter alone: never an input of policy
record AgentRequest(
    String method,
    String path,
    Optional<String> ifNoneMatch,
    Optional<String> prefer,
    Optional<String> floor,
    Optional<String> facts,
    Optional<String> key,
    byte[] body,
    Optional<HostCertificate> certificate,
    String address) {}
