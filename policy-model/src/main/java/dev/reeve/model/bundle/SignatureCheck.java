package dev.reeve.model.bundle;

/// Port: whether bytes carry the signature of a pinned signer. Verification comes before parsing.
public interface SignatureCheck {

  Outcome check(byte[] signed);

  sealed interface Outcome {
    /// @param content the bytes that were signed
    record Valid(byte[] content) implements Outcome {}

    record Invalid(Refusal reason, String detail) implements Outcome {}
  }
}
