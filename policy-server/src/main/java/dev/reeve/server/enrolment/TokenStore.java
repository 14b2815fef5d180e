package dev.reeve.server.enrolment;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import java.util.Optional;

/// Port: the tokens.
public interface TokenStore {

  void add(Token token);

  Optional<Token> find(String id);

  /// Uses a token, once and for all; of several at the same time one wins.
  ///
  /// @return who has used it: this key and host, or those that came first
  Token.Use use(String id, Digest key, HostId host);
}
