package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import java.util.List;
import java.util.Optional;

/// `libreswan HOST starts FILE [with "KEY"]`: its IKE daemon, anew if it ran before, by that
/// ipsec.conf, with the certificate that the host was given or that pre-shared key
record LibreswanStep(String host, String file, Optional<String> key) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    words.literal("starts");
    String file = words.next("a file");
    Optional<String> key =
        words.maybe("with") ? Optional.of(words.next("a key")) : Optional.empty();
    return new LibreswanStep(host, file, key);
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public boolean needsLibreswan() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    String secrets = key.map(": PSK \"%s\"\n"::formatted).orElse("");
    stage.endPeer(host);
    for (String left : List.of("state", "policy")) at.namespace().must("ip", "xfrm", left, "flush");
    stage.startPeer(host, Libreswan.start(stage, at, stage.read(file), secrets));
  }
}
