package dev.reeve.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Ran;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.server.admin.AdminRequest;
import dev.reeve.server.admin.AdminSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCommandTest {

  @TempDir Path state;

  @Test
  void the_join_string_is_alone_on_standard_output() throws Exception {
    var asked = new ArrayList<AdminRequest>();
    try (var _ =
        AdminSocket.open(
            state.resolve("admin.sock"),
            request -> {
              asked.add(request);
              return JsonBuilder.object()
                  .put("join", "reeve://host:1/x")
                  .put("expires", "2026-11-22T11:00:00Z")
                  .build();
            })) {
      Ran ran = create("--computer", "CN=web-01,DC=corp", "--ttl", "30m");
      assertThat(ran.out()).isEqualTo("reeve://host:1/x\n");
      assertThat(ran.err()).contains("2026-11-22T11:00:00Z");
      assertThat(asked)
          .isEqualTo(
              List.of(
                  new AdminRequest.CreateToken(
                      Optional.of(Dn.parse("CN=web-01,DC=corp")),
                      Optional.empty(),
                      Duration.ofMinutes(30))));
      assertThat(create("--output", "json"))
          .isEqualTo(
              new Ran(
                  ExitCode.DONE,
                  "{\"join\":\"reeve://host:1/x\",\"expires\":\"2026-11-22T11:00:00Z\"}\n",
                  ""));
    }
  }

  @Test
  void a_refusal_is_passed_on() throws Exception {
    try (var _ =
        AdminSocket.open(
            state.resolve("admin.sock"),
            _ -> {
              throw new IllegalArgumentException("no entry CN=x");
            })) {
      assertThat(create("--computer", "CN=x"))
          .isEqualTo(new Ran(ExitCode.FAILED, "", "reeve: no entry CN=x\n"));
    }
  }

  @Test
  void with_no_server_the_code_is_3() {
    Ran ran = create();
    assertThat(ran.code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err()).contains("no server listens on").contains("reeve server");
  }

  private Ran create(String... more) {
    var arguments = new ArrayList<>(List.of("token", "create", "--state", state.toString()));
    arguments.addAll(List.of(more));
    return Ran.reeve(arguments.toArray(String[]::new));
  }
}
