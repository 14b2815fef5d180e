package dev.reeve.server.directory.ldap;

/// One kind of feed, with the place it has reached. It outlives connections.
interface Follower {

  /// Catches up, or reads everything when it does not know its place, then follows until `until`
  /// says stop.
  ///
  /// @throws FeedException when the connection, the rights or the place are lost
  void follow(Session session, Picture picture, Duty until)
      throws FeedException, InterruptedException;

  /// The next [#follow] reads everything.
  void forget();
}
