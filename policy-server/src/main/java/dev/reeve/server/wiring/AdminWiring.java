package dev.reeve.server.wiring;

import dev.reeve.model.bundle.HostId;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.server.admin.AdminClient;
import dev.reeve.server.admin.AdminRequest;
import dev.reeve.server.admin.AdminSocket;
import dev.reeve.server.enrolment.Audit;
import dev.reeve.server.enrolment.Revoker;
import dev.reeve.server.enrolment.Token.Binding;
import dev.reeve.server.enrolment.Tokens;
import dev.reeve.server.revocation.RevocationLists;
import dev.reeve.server.rsop.RsopContents;
import dev.reeve.server.withdrawal.Hold;
import dev.reeve.server.withdrawal.WithdrawalBrake;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Local administration, for root alone.
@Configuration(proxyBeanMethods = false)
class AdminWiring {

  /// An answer is one line of limited length.
  private static final int MOST_NAMED = 100;

  @Bean
  AdminSocket adminSocket(
      ServerOptions options,
      Tokens tokens,
      WithdrawalBrake brake,
      RsopContents fleet,
      Revoker revoker,
      RevocationLists revocations,
      Audit audit,
      Clock clock)
      throws IOException {
    return AdminSocket.open(
        options.state().resolve(AdminClient.SOCKET),
        request ->
            switch (request) {
              case AdminRequest.CreateToken create -> createToken(create, tokens, clock.instant());
              case AdminRequest.RevokeHost revoke -> {
                List<HostId> revoked = revoke(revoke, revoker, clock.instant());
                revocations.look();
                yield JsonBuilder.object()
                    .putStrings("revoked", revoked.stream().map(HostId::text).toList())
                    .build();
              }
              case AdminRequest.ShowWithdrawal _ -> brake.look(fleet).toJson(MOST_NAMED);
              case AdminRequest.ConfirmWithdrawal(var id) -> {
                Hold confirmed = brake.confirm(fleet, id);
                audit.record(
                    clock.instant(),
                    "local administrator",
                    Audit.Event.WITHDRAWAL_CONFIRMED,
                    id + ": " + confirmed.hosts().size() + " hosts");
                yield confirmed.toJson(0);
              }
            });
  }

  private static List<HostId> revoke(
      AdminRequest.RevokeHost request, Revoker revoker, Instant now) {
    String actor = "local administrator";
    return request.computer().isPresent()
        ? revoker.revoke(request.computer().get(), actor, now)
        : revoker.revoke(request.host().orElseThrow(), actor, now);
  }

  private static JsonObject createToken(
      AdminRequest.CreateToken request, Tokens tokens, Instant now) {
    Binding binding =
        request
            .computer()
            .<Binding>map(Binding.Computer::new)
            .or(() -> request.container().map(Binding.Ou::new))
            .orElse(Binding.Name.NAME);
    var join = tokens.create(binding, request.lifetime(), "local administrator", now);
    return JsonBuilder.object()
        .put("join", join.toText())
        .put("token", join.tokenId())
        .put("expires", now.plus(request.lifetime()).toString())
        .build();
  }
}
