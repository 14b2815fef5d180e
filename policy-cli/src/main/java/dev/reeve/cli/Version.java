package dev.reeve.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// What `reeve --version` prints: the version that Maven wrote into the jar.
final class Version implements IVersionProvider {

  private static final String BY_MAVEN = "/META-INF/maven/dev.reeve/policy-cli/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream(BY_MAVEN)) {
      if (in != null) properties.load(in);
    }
    return new String[] {
      "reeve " + properties.getProperty("version", "(not from a jar)"),
      "Java " + Runtime.version() + ", " + System.getProperty("java.home")
    };
  }
}
