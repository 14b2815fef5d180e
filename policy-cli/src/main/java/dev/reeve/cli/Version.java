package dev.reeve.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// What `reeve --version` prints.
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("(built from source)");
    return new String[] {"reeve " + version};
  }
}
