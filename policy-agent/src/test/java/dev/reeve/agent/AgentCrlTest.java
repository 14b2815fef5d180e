package dev.reeve.agent;

import static dev.reeve.agent.Deadline.until;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.policyBytes;

import dev.reeve.agent.control.ControlClient;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.trust.CmsSigner;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which CRLs a running agent says that it needs, and what it says of those that it was sent.
class AgentCrlTest extends RunningAgent {

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  private void publish(long number, int level, Revocations revocations) {
    byte[] settings =
        JsonText.writeBytes(
            new HostSettings(Map.of(HostSetting.STRONG_CRL_CHECK, JsonValue.of(level))).toJson());
    Manifest plain =
        manifest(TestServer.HOST, server.epoch, number, content(policyBytes("A")), now);
    var checked =
        new Manifest(
            plain.host(),
            plain.version(),
            plain.computer(),
            plain.issued(),
            plain.expires(),
            plain.policy(),
            plain.persistent(),
            content(settings),
            plain.provenance(),
            plain.secrets(),
            Optional.of(Digest.of(revocations.toBytes())),
            plain.peers());
    server.offer(
        new CmsSigner(server.signer).sign(checked.toBytes()),
        "\"" + number + "\"",
        policyBytes("A"),
        settings,
        revocations.toBytes());
  }

  private List<String> crls() throws Exception {
    return JsonMembers.of("$", new ControlClient(config.run()).sight())
        .objects(
            "crls",
            crl ->
                crl.string("authority").replaceFirst(",.*", "")
                    + crl.findNumber("bytes").map(bytes -> " of " + bytes + " bytes").orElse("")
                    + crl.findString("until").map(end -> " until " + end).orElse(""));
  }

  @Test
  void the_level_says_which_are_needed_and_the_policy_brings_them() throws Exception {
    byte[] hosts = server.authority.issueCrl(List.of(), 1, now, Duration.ofDays(7));
    String held =
        "CN=Reeve hosts issuer of %d bytes until %s"
            .formatted(hosts.length, now.plus(Duration.ofDays(7)));
    join();
    publish(1, 1, new Revocations(hosts, List.of(), Set.of()));
    start();
    arrives("A");
    until("level 1", () -> crls().equals(List.of(held)));

    publish(2, 2, new Revocations(hosts, List.of(), Set.of()));
    until("level 2", () -> crls().equals(List.of(held, "CN=Reeve root")));

    publish(3, 0, new Revocations(hosts, List.of(), Set.of()));
    until("level 0", () -> crls().isEmpty());
  }
}
