package dev.reeve.cli.ipsec;

/// How policies are written.
enum Form {
  /// The readable file: one JSON document.
  FILE,
  /// LDIF of our own objects, for `CN=Reeve,CN=System`.
  REEVE,
  /// LDIF of Microsoft's objects, for `CN=IP Security,CN=System`.
  MICROSOFT
}
