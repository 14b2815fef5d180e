package dev.reeve.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminSocketTest {

  private static final AdminRequest TOKEN =
      new AdminRequest.CreateToken(
          Optional.of(Dn.parse("CN=web-01,DC=corp")), Optional.empty(), Duration.ofHours(1));

  @TempDir Path state;

  private Path socket() {
    return state.resolve(AdminClient.SOCKET);
  }

  @Test
  void a_request_gets_its_reply() throws Exception {
    try (var _ =
        AdminSocket.open(
            socket(), request -> JsonBuilder.object().put("got", request.toText()).build())) {
      assertThat(AdminClient.ask(state, TOKEN).string("got")).isEqualTo(TOKEN.toText());
    }
  }

  @Test
  void a_refusal_reaches_the_caller_in_words() throws Exception {
    try (var _ =
        AdminSocket.open(
            socket(),
            _ -> {
              throw new IllegalArgumentException("no such computer");
            })) {
      assertThatThrownBy(() -> AdminClient.ask(state, TOKEN))
          .isInstanceOf(AdminClient.RefusedException.class)
          .hasMessage("no such computer");
    }
  }

  @Test
  void nobody_but_the_owner_may_open_it_and_it_goes_with_the_server() throws Exception {
    try (var _ = AdminSocket.open(socket(), _ -> JsonBuilder.object().build())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rw-------");
    }
    assertThat(socket()).doesNotExist();
    assertThatThrownBy(() -> AdminClient.ask(state, TOKEN)).isInstanceOf(IOException.class);
  }

  @Test
  void a_request_survives_its_text_form() {
    assertThat(AdminRequest.parse(TOKEN.toText())).isEqualTo(TOKEN);
    for (AdminRequest request :
        new AdminRequest[] {
          new AdminRequest.ShowWithdrawal(), new AdminRequest.ConfirmWithdrawal("0123456789ab")
        }) assertThat(AdminRequest.parse(request.toText())).isEqualTo(request);
    assertThatThrownBy(() -> AdminRequest.parse("{\"do\":\"reboot\"}"))
        .hasMessageContaining("reboot");
    assertThatThrownBy(() -> AdminRequest.parse("{\"do\":\"token-create\",\"seconds\":0}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AdminRequest.parse("{\"do\":\"token-create\",\"seconds\":60,\"x\":1}"))
        .hasMessageContaining("unknown member 'x'");
  }
}
