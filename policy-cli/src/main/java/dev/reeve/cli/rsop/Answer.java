package dev.reeve.cli.rsop;

import dev.reeve.cli.text.RsopDocument;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopJson;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The resultant set of one computer.
sealed interface Answer {

  /// The machine-readable form.
  JsonValue json();

  /// What people are shown.
  RsopDocument document();

  /// The assigned policy, then the persistent one, where the source has their content.
  List<IpsecPolicy> policies();

  record Computed(Rsop rsop) implements Answer {
    @Override
    public JsonValue json() {
      return RsopJson.write(rsop);
    }

    @Override
    public RsopDocument document() {
      return RsopDocument.of(rsop);
    }

    @Override
    public List<IpsecPolicy> policies() {
      return Stream.of(rsop.assignment(), rsop.persistent())
          .map(Computed::policy)
          .flatMap(Optional::stream)
          .toList();
    }

    private static Optional<IpsecPolicy> policy(PolicyResult result) {
      return result instanceof PolicyResult.Assigned(var _, var _, var policy)
          ? Optional.of(policy)
          : Optional.empty();
    }
  }

  record Received(JsonValue json, RsopDocument document) implements Answer {
    @Override
    public List<IpsecPolicy> policies() {
      return List.of();
    }
  }

  /// @throws dev.reeve.model.json.JsonException when it is no RSoP
  static Answer received(JsonValue json) {
    return new Received(json, RsopDocument.parse(json));
  }
}
