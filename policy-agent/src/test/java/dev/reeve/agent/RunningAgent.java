package dev.reeve.agent;

import static dev.reeve.agent.Deadline.until;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.policyBytes;

import dev.reeve.agent.config.AgentConfig;
import dev.reeve.agent.control.ControlClient;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.join.Join;
import dev.reeve.agent.join.MachineId;
import dev.reeve.model.json.JsonMembers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The whole agent against a server that plays its part: real TLS, real signatures, real files.
/// Only the kernel is a fake.
abstract class RunningAgent {

  @TempDir Path temporary;

  final FakeEngine engine = new FakeEngine();
  TestServer server;
  StateDirectory directory;
  AgentConfig config;
  Optional<Agent> running = Optional.empty();
  Thread thread = new Thread();

  @BeforeEach
  void open() throws Exception {
    server = new TestServer(temporary);
    directory = StateDirectory.open(temporary.resolve("state"));
    Files.writeString(temporary.resolve("machine-id"), "0".repeat(32) + "\n");
    config =
        AgentConfig.parse(
            List.of(
                "--state", temporary.resolve("state").toString(),
                "--run", temporary.resolve("run").toString(),
                "--machine-id", temporary.resolve("machine-id").toString()));
  }

  @AfterEach
  void close() throws Exception {
    stop();
    server.close();
  }

  void join() throws Exception {
    var unused =
        new Join(
                directory,
                MachineId.find(config.machineId()),
                _ -> Map.of("hostname", "web-01"),
                InstantSource.system())
            .run(server.joinString());
  }

  void start() throws IOException {
    Agent agent =
        Agent.build(
            config,
            directory,
            new EngineChoice(
                engine,
                new IkeCredentials(directory, new OtherCertificates(config.certificates())),
                List.of()));
    running = Optional.of(agent);
    thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                boolean unused = agent.run();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  void stop() throws Exception {
    if (running.isEmpty()) return;
    running.get().stop();
    thread.join();
    running.get().close();
    running = Optional.empty();
  }

  void arrives(String name) throws Exception {
    until(name + " in force", () -> engine.domain().equals(Optional.of(name)));
  }

  JsonMembers status() throws Exception {
    return JsonMembers.of("$", new ControlClient(config.run()).status());
  }

  void joinedWith(String policy) throws Exception {
    join();
    server.publish(1, content(policyBytes(policy)), policyBytes(policy));
    start();
    arrives(policy);
    until("the server is reached", () -> status().bool("reachable")); // said after it is applied
  }
}
