package dev.reeve.cli.lab;

import dev.reeve.model.bundle.JoinString;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The policy server of a lab, with its embedded directory.
public final class LabServer {

  private static final String BASE = "DC=corp,DC=example";
  private static final int LDAP = 3890;
  private static final int AGENTS = 7443;
  private static final int ADMIN = 7444;
  private static final Duration START = Duration.ofSeconds(180);
  private static final Pattern READY = Pattern.compile("^ready\\b.*");

  private final Lab lab;
  private final Domain domain;
  private Where where = new Where(Optional.empty(), "127.0.0.1", LDAP, ADMIN, AGENTS);
  private Optional<LabProcess> process = Optional.empty();
  private Optional<Relay> toAgents = Optional.empty();
  private Optional<Probe> probe = Optional.empty();

  /// @param ldap port of 127.0.0.1 of the machine
  /// @param admin likewise
  /// @param agents port that agents are told
  private record Where(
      Optional<Namespace> namespace, String address, int ldap, int admin, int agents) {}

  LabServer(Lab lab, Domain domain) {
    this.lab = lab;
    this.domain = domain;
  }

  /// In its own namespace; 127.0.0.1 of the machine leads there through UNIX-domain sockets.
  void settleIn(Namespace namespace) throws LabException {
    where =
        new Where(
            Optional.of(namespace),
            HostSpec.SERVER.address(),
            FreePort.near(LDAP),
            FreePort.near(ADMIN),
            AGENTS);
    Probe inside = lab.probe(namespace);
    probe = Optional.of(inside);
    relay(inside, "ldap", where.ldap());
    relay(inside, "admin", where.admin());
  }

  /// A UDP packet from where the server is, to be found in a capture: no policy stops its sending.
  void mark(String address, int port) throws LabException {
    probe.orElseThrow(() -> new LabException("no packets in this lab")).send(address, port);
  }

  private void relay(Probe inside, String name, int port) throws LabException {
    Path socket = lab.directory().resolve(name + ".sock");
    inside.relay(socket, "127.0.0.1", port);
    try {
      lab.keep(
          Relay.open(new InetSocketAddress("127.0.0.1", port), UnixDomainSocketAddress.of(socket)));
    } catch (IOException e) {
      throw new LabException("cannot listen on 127.0.0.1:" + port, e);
    }
  }

  /// On 127.0.0.1; a relay stands between agents and server, so that it can be cut.
  void settleOnLoopback() throws LabException {
    int behind = FreePort.any();
    where =
        new Where(Optional.empty(), "127.0.0.1", FreePort.near(LDAP), FreePort.near(ADMIN), behind);
    try {
      toAgents =
          Optional.of(
              lab.keep(
                  Relay.open(
                      new InetSocketAddress("127.0.0.1", 0),
                      new InetSocketAddress("127.0.0.1", behind))));
    } catch (IOException e) {
      throw new LabException("cannot listen on 127.0.0.1", e);
    }
  }

  /// Starts it, on what it kept if it ran before, and waits until it serves.
  ///
  /// @return the line that says so
  public String start() throws LabException {
    if (running()) throw new LabException("the server runs already");
    List<String> command = JavaCommand.server(arguments());
    process = Optional.of(lab.start("server", inside(command)));
    return process.get().awaitLine(READY, START).group();
  }

  private List<String> arguments() {
    var words = new ArrayList<>(List.of("--state", state().toString()));
    switch (domain) {
      case Domain.Sample _ -> words.add("--sample");
      case Domain.File(var ldif, var base) ->
          words.addAll(List.of("--ldif", ldif.toString(), "--base-dn", base));
    }
    words.addAll(List.of("--ldap", "127.0.0.1:" + where.ldap()));
    words.addAll(List.of("--admin", "127.0.0.1:" + where.admin()));
    words.addAll(List.of("--agents", where.address() + ":" + where.agents()));
    words.addAll(List.of("--name", where.address(), "--name", "localhost"));
    if (!where.address().equals("127.0.0.1")) words.addAll(List.of("--name", "127.0.0.1"));
    return words;
  }

  private List<String> inside(List<String> command) {
    return where.namespace().map(n -> n.inside(command)).orElse(command);
  }

  public boolean running() {
    return process.filter(LabProcess::alive).isPresent();
  }

  /// As in a power cut.
  public void kill() {
    process.ifPresent(LabProcess::kill);
  }

  public void stop() {
    process.ifPresent(LabProcess::stop);
  }

  /// Nothing passes between hosts and server any more; the server itself goes on, and so does the
  /// way to it from this machine.
  public void cut() throws LabException {
    if (toAgents.isPresent()) toAgents.get().cut();
    else lab.network().cut(HostSpec.SERVER.name());
  }

  public void mend() throws LabException {
    if (toAgents.isPresent()) toAgents.get().mend();
    else lab.network().mend(HostSpec.SERVER.name());
  }

  /// `reeve host revoke`.
  ///
  /// @return what it says
  public String revoke(String computer) throws LabException {
    return Command.must(
            JavaCommand.reeve(
                List.of(
                    "host",
                    "revoke",
                    "--state",
                    state().toString(), //
                    "--computer",
                    computer)),
            "")
        .strip();
  }

  /// A join string for a computer.
  public String token(String computer) throws LabException {
    String out =
        Command.must(
            JavaCommand.reeve(
                List.of(
                    "token",
                    "create",
                    "--state",
                    state().toString(), //
                    "--computer",
                    computer,
                    "--output",
                    "json")),
            "");
    try {
      JsonMembers json = JsonText.parseObject(out.getBytes(StandardCharsets.UTF_8));
      return throughRelay(json.string("join"));
    } catch (JsonException e) {
      throw new LabException("'reeve token create' answers no join string", e);
    }
  }

  /// `reeve COMMAND… --state DIR`, as root on the server's machine.
  public Command.Output administer(List<String> command) throws LabException {
    var words = new ArrayList<>(command);
    words.addAll(List.of("--state", state().toString()));
    return Command.run(JavaCommand.reeve(words));
  }

  /// What the server knows of a host, as `reeve rsop log --output json` prints it.
  public String log(String computer) throws LabException {
    return Command.must(
        JavaCommand.reeve(
            List.of(
                "rsop",
                "log",
                "--server",
                adminUrl(),
                "--cacert",
                root().toString(), //
                "--user",
                "cn=admin," + BASE,
                "--password-file",
                passwordFile().toString(), //
                "--computer",
                computer,
                "--output",
                "json")),
        "");
  }

  private String throughRelay(String join) throws LabException {
    if (toAgents.isEmpty()) return join;
    try {
      JoinString direct = JoinString.parse(join);
      int port = ((InetSocketAddress) toAgents.get().address()).getPort();
      return new JoinString(direct.host(), port, direct.tokenId(), direct.secret(), direct.pin())
          .toText();
    } catch (IOException e) {
      throw new LabException("the relay is closed", e);
    }
  }

  public Path state() {
    return lab.directory().resolve("server");
  }

  public Path root() {
    return state().resolve("trust/root.pem");
  }

  public Path passwordFile() {
    return state().resolve("directory/admin.password");
  }

  public int ldapPort() {
    return where.ldap();
  }

  public String ldapUrl() {
    return "ldap://127.0.0.1:" + where.ldap();
  }

  public String adminUrl() {
    return "https://127.0.0.1:" + where.admin();
  }

  /// A connection of the directory's administrator; close it.
  public LabDirectory directory() throws LabException {
    return LabDirectory.open(where.ldap(), passwordFile());
  }
}
