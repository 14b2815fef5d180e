package dev.reeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.server.directory.ldap.Credentials;
import dev.reeve.server.directory.ldap.LdapAddress;
import dev.reeve.server.wiring.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// docker-compose.yml, as far as it can be held to its word without Docker. What runs in the
/// directory's container is started natively by OpenLdapImageIT.
public class ComposeTest {

  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

  /// How the compose file starts the policy server.
  public static ServerOptions serverOptions() throws IOException {
    List<String> words = List.of(text(services().get("server"), "command").split(" +"));
    assertThat(words.getFirst()).isEqualTo("server");
    return ServerOptions.parse(words.subList(1, words.size()), "server");
  }

  private static Map<String, Map<String, Object>> services() throws IOException {
    return maps(compose().get("services"));
  }

  private static Map<String, Object> compose() throws IOException {
    return new Yaml().load(Files.readString(TOP.resolve("docker-compose.yml")));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Map<String, Object>> maps(Object value) {
    return (Map<String, Map<String, Object>>) value;
  }

  private static String text(Map<String, Object> service, String key) {
    return String.valueOf(service.get(key));
  }

  private static List<String> volumes(Map<String, Object> service) {
    var volumes = new ArrayList<String>();
    if (service.get("volumes") instanceof List<?> list)
      list.forEach(each -> volumes.add(String.valueOf(each)));
    return volumes;
  }

  @Test
  void every_volume_and_every_service_waited_for_is_declared() throws Exception {
    var declared = maps(compose().get("volumes")).keySet();
    for (var service : services().entrySet()) {
      for (String volume : volumes(service.getValue()))
        assertThat(declared).as(service.getKey()).contains(volume.split(":")[0]);
      if (service.getValue().get("depends_on") instanceof Map<?, ?> others)
        assertThat(services().keySet())
            .containsAll(others.keySet().stream().map(String::valueOf).toList());
    }
  }

  @Test
  void every_image_is_made_of_files_that_are_there() throws Exception {
    for (var service : services().values()) {
      Path dockerfile =
          service.get("build") instanceof Map<?, ?> build
              ? TOP.resolve(String.valueOf(build.get("dockerfile")))
              : TOP.resolve(text(service, "build")).resolve("Dockerfile");
      for (String source : copied(dockerfile)) assertThat(TOP.resolve(source)).exists();
    }
    assertThat(copied(TOP.resolve("docker/openldap/Dockerfile"))).hasSize(4);
    assertThat(Files.isExecutable(TOP.resolve("docker/openldap/start"))).isTrue();
  }

  private static List<String> copied(Path dockerfile) throws IOException {
    return Files.readAllLines(dockerfile).stream()
        .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
        .flatMap(line -> {
          List<String> words = List.of(line.split(" +"));
          return words.subList(1, words.size() - 1).stream();
        })
        .toList();
  }

  @Test
  void the_server_follows_the_directory_with_the_account_and_files_that_it_makes()
      throws Exception {
    var config = serverOptions().external().orElseThrow();
    assertThat(config.addresses()).extracting(LdapAddress::tls).containsExactly(true);
    assertThat(services()).containsKey(config.addresses().getFirst().host());
    String start = Files.readString(TOP.resolve("docker/openldap/start"));
    assertThat(start).contains("DNS:" + config.addresses().getFirst().host());

    var password = (Credentials.Password) config.credentials();
    assertThat(Files.readString(TOP.resolve("docker/openldap/config.ldif")))
        .contains("olcLimits: dn.exact=\"" + password.name() + "\" size=unlimited time=unlimited");
    assertThat(volumes(services().get("directory"))).contains("secrets:/secrets");
    assertThat(volumes(services().get("server"))).contains("secrets:/secrets:ro");
    for (Path file : List.of(password.file(), config.caFile().orElseThrow())) {
      assertThat(file.getParent()).isEqualTo(Path.of("/secrets"));
      assertThat(start).contains("$secrets/" + file.getFileName());
    }
  }

  @Test
  void the_hosts_that_join_are_in_the_sample_domain() throws Exception {
    String sample =
        Files.readString(TOP.resolve("ldap-schema/src/main/resources/samples/corp.ldif"));
    List<String> computers =
        Pattern.compile("--computer '([^']+)'")
            .matcher(text(services().get("tokens"), "command"))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(computers).hasSize(2);
    for (String computer : computers) assertThat(sample).contains("\ndn: " + computer + "\n");
    assertThat(services()).containsKeys("web-01", "db-01");
  }
}
