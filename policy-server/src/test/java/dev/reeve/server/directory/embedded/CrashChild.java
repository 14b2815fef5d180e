package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.controls.SubtreeDeleteRequestControl;
import com.unboundid.ldif.LDIFAddChangeRecord;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import java.nio.file.Path;
import java.util.List;

/// A process that writes as fast as it can until it is killed, and prints every acknowledged write:
/// writer, number, and for an added entry its entryUUID.
final class CrashChild {
  private CrashChild() {}

  @FunctionalInterface
  private interface Writer {
    void write(LDIFChangeRecord change) throws LDAPException;
  }

  static EmbeddedDirectoryConfig config(Path state) {
    return TestDirectory.config(state).withLimits(1 << 20, 16 << 10);
  }

  /// @param args state directory, round
  public static void main(String[] args) throws Exception {
    var state = Path.of(args[0]);
    int round = Integer.parseInt(args[1]);
    var directory = EmbeddedDirectory.open(config(state));
    for (int writer = 0; writer < 2; writer++) {
      var old = CrashScript.of(round - 1, writer).box();
      if (directory.find(old).isPresent()) {
        directory.apply(
            new LDIFDeleteChangeRecord(old, List.of(new SubtreeDeleteRequestControl(true))));
      }
    }
    var overLdap = TestDirectory.connectAsAdmin(directory, state);
    start(directory, CrashScript.of(round, 0), 0, directory::apply);
    start(directory, CrashScript.of(round, 1), 1, change -> change.processChange(overLdap));
  }

  private static void start(
      EmbeddedDirectory directory, CrashScript script, int writer, Writer write) {
    Thread.ofPlatform()
        .start(() -> {
          try {
            for (int i = 0; ; i++) {
              var change = script.write(i);
              write.write(change);
              acknowledge(directory, writer, i, change);
            }
          } catch (LDAPException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(3);
          }
        });
  }

  private static void acknowledge(
      EmbeddedDirectory directory, int writer, int i, LDIFChangeRecord change)
      throws LDAPException {
    var uuid =
        change instanceof LDIFAddChangeRecord
            ? directory.find(change.getDN()).orElseThrow().getAttributeValue("entryUUID")
            : "-";
    System.out.println(writer + " " + i + " " + uuid);
  }
}
