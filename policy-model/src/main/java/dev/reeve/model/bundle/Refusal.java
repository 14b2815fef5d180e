package dev.reeve.model.bundle;

/// Why the gate did not let something in. Stable codes: reported, counted, and each one row of the
/// attack table.
public enum Refusal {
  /// More bytes than any manifest has; checked before anything is parsed.
  TOO_LARGE,
  /// Not CMS SignedData in DER.
  NOT_SIGNED_DATA,
  /// Signed content of another type than ours.
  WRONG_CONTENT_TYPE,
  NO_SIGNER,
  SEVERAL_SIGNERS,
  /// Without signed attributes (content type, message digest) a signature could be moved to other
  /// content.
  NO_SIGNED_ATTRIBUTES,
  ALGORITHM,
  /// A signer whose key is not pinned, whatever certificate it brings.
  FOREIGN_SIGNER,
  BAD_SIGNATURE,
  MALFORMED_MANIFEST,
  WRONG_HOST,
  WRONG_EPOCH,
  /// Rollback: older than the newest seen.
  ROLLED_BACK,
  /// Fast-forward: so far ahead that it could only serve to lock out what comes next.
  FAST_FORWARDED,
  /// The version seen before, saying something else.
  EQUIVOCATED,
  /// Freeze: a manifest past its time replayed as the newest.
  EXPIRED,
  /// Signed at a time that has not come: admitting it would raise the time floor, and all that is
  /// signed until then would count as expired.
  POSTDATED,
  OBJECT_MISSING,
  /// Mix-and-match: an object that is not the one the manifest names.
  OBJECT_MISMATCH,
  MALFORMED_OBJECT
}
