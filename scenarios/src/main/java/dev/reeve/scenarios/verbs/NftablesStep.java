package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// `nftables HOST reload N`: nftables.service is reloaded so often, as the packaged units have it
record NftablesStep(String host, Words.Count times) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    words.literal("reload");
    return new NftablesStep(host, words.count("how often"));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    for (int i = 0; i < stage.count(times); i++) stage.lab().host(host).reloadNftables();
  }
}
