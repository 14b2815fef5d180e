package dev.reeve.agent;

import dev.reeve.agent.config.AgentConfig;
import dev.reeve.agent.http.Endpoint;
import dev.reeve.agent.http.ServerAddresses;
import dev.reeve.engine.IpsecEngine;
import dev.reeve.model.spd.HostView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/// The engine that this host gets.
///
/// @param problems what must be said about the choice
record EngineChoice(IpsecEngine engine, String name, List<String> problems) {

  static EngineChoice make(AgentConfig.EngineChoice wanted, Path state) throws IOException {
    throw new IOException("no engine yet: " + wanted + state);
  }

  Supplier<HostView> view(List<Endpoint> servers, ServerAddresses addresses) {
    return () -> HostView.NONE;
  }
}
