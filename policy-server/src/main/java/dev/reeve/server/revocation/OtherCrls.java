package dev.reeve.server.revocation;

import dev.reeve.trust.CheckedCrl;
import java.time.Instant;
import java.util.List;

/// Port: CRLs that hosts need beside the one of the issuer of hosts.
public interface OtherCrls {

  /// The newest good ones, at most one of each authority.
  List<CheckedCrl> current();

  /// What an administrator should know, in words that say what to do; empty when all is well.
  List<String> warnings(Instant now);
}
