package dev.reeve.server.directory.ldap;

import java.util.Locale;

/// How changes are learnt.
public enum FeedKind {
  /// RFC 4533 refreshAndPersist: OpenLDAP with syncprov, 389 DS with Content Synchronization.
  SYNC,
  /// Active Directory's update sequence numbers: Samba AD and Microsoft's.
  USN,
  /// Asking again and again: any directory with modifyTimestamp.
  POLL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
