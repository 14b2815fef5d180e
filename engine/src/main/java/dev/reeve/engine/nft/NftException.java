package dev.reeve.engine.nft;

/// nft could not be run, or refused. The message carries its own words.
public final class NftException extends Exception {
  public NftException(String message) {
    super(message);
  }

  public NftException(String message, Throwable cause) {
    super(message, cause);
  }
}
