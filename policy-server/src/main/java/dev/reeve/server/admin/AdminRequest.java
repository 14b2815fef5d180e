package dev.reeve.server.admin;

import dev.reeve.model.bundle.HostId;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.time.Duration;
import java.util.Optional;

/// What root may ask of a server on its own machine, one line of JSON each.
public sealed interface AdminRequest {

  /// A token by which one host may join.
  ///
  /// @param computer the entry it is for
  /// @param container where an entry may be made for it; with neither, the host's name must name
  ///   one entry
  record CreateToken(Optional<Dn> computer, Optional<Dn> container, Duration lifetime)
      implements AdminRequest {
    public CreateToken {
      if (computer.isPresent() && container.isPresent()) {
        throw new IllegalArgumentException("a token is for a computer or for an OU, not both");
      }
      if (!lifetime.isPositive() || lifetime.compareTo(Duration.ofDays(30)) > 0) {
        throw new IllegalArgumentException(
            "token lifetime " + lifetime + ", expected up to 30 days");
      }
    }
  }

  /// Which withdrawals of policy are held.
  record ShowWithdrawal() implements AdminRequest {}

  /// Lets go what is held.
  ///
  /// @param id as it was shown
  record ConfirmWithdrawal(String id) implements AdminRequest {
    public ConfirmWithdrawal {
      if (!id.matches("[0-9a-f]{12}"))
        throw new IllegalArgumentException(
            "withdrawal '" + id + "', expected the 12 digits that 'reeve withdrawal show' prints");
    }
  }

  /// Ends what a host may do with its certificates.
  ///
  /// @param computer the entry it joined as; or
  /// @param host its id
  record RevokeHost(Optional<Dn> computer, Optional<HostId> host) implements AdminRequest {
    public RevokeHost {
      if (computer.isPresent() == host.isPresent())
        throw new IllegalArgumentException("a host is revoked by its computer or by its id");
    }
  }

  default String toText() {
    return switch (this) {
      case CreateToken(var computer, var container, var lifetime) ->
          JsonText.write(
              JsonBuilder.object()
                  .put("do", "token-create")
                  .putIfPresent("computer", computer)
                  .putIfPresent("ou", container)
                  .put("seconds", lifetime.toSeconds())
                  .build());
      case RevokeHost(var computer, var host) ->
          JsonText.write(
              JsonBuilder.object()
                  .put("do", "host-revoke")
                  .putIfPresent("computer", computer)
                  .putIfPresent("host", host.map(HostId::text))
                  .build());
      case ShowWithdrawal _ ->
          JsonText.write(JsonBuilder.object().put("do", "withdrawal-show").build());
      case ConfirmWithdrawal(var id) ->
          JsonText.write(
              JsonBuilder.object().put("do", "withdrawal-confirm").put("id", id).build());
    };
  }

  /// @throws IllegalArgumentException saying what was seen and wanted
  static AdminRequest parse(String line) {
    JsonMembers in = JsonMembers.of("$", JsonText.parse(line));
    String verb = in.string("do");
    var request =
        switch (verb) {
          case "token-create" ->
              new CreateToken(
                  in.findParsed("computer", Dn::parse),
                  in.findParsed("ou", Dn::parse),
                  Duration.ofSeconds(in.number("seconds")));
          case "host-revoke" ->
              new RevokeHost(
                  in.findParsed("computer", Dn::parse), in.findParsed("host", HostId::new));
          case "withdrawal-show" -> new ShowWithdrawal();
          case "withdrawal-confirm" -> new ConfirmWithdrawal(in.string("id"));
          default ->
              throw in.error(
                  "do",
                  "found '"
                      + verb
                      + "', expected token-create, host-revoke, withdrawal-show or withdrawal-confirm");
        };
    in.end();
    return request;
  }
}
