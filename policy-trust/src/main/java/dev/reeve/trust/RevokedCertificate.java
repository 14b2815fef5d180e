package dev.reeve.trust;

import java.math.BigInteger;
import java.time.Instant;

/// One line of a CRL.
public record RevokedCertificate(BigInteger serial, Instant since) {}
