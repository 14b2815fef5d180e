package dev.reeve.scenarios.verbs;

import com.unboundid.ldif.LDIFChangeRecord;
import dev.reeve.cli.lab.LabDirectory;
import dev.reeve.cli.lab.LabException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// `ldap modify FILE [slowly MILLIS]`: LDIF change records as the administrator; `ldap anonymous
/// refused`: without a bind, the root DSE and nothing else
sealed interface LdapStep extends Step {

  static Step parse(Words words) throws StepException {
    if (words.oneOf("modify", "anonymous").equals("anonymous")) {
      words.literal("refused");
      return new Anonymous();
    }
    String file = words.next("a file");
    return new Modify(file, words.maybe("slowly") ? words.number("milliseconds", 1, 60_000) : 0);
  }

  /// @param pauseMillis between one change and the next: the speed of whoever writes
  record Modify(String file, int pauseMillis) implements LdapStep {
    @Override
    public void run(Stage stage) throws LabException {
      List<LDIFChangeRecord> changes =
          LabDirectory.changes(SealedKeys.fill(stage.read(file), stage.lab().server().state()));
      try (LabDirectory directory = stage.lab().server().directory()) {
        for (LDIFChangeRecord change : changes) {
          directory.apply(change);
          LockSupport.parkNanos(pauseMillis * 1_000_000L);
        }
      }
      stage.note(changes.size() + " changes written");
    }
  }

  record Anonymous() implements LdapStep {
    @Override
    public void run(Stage stage) throws LabException {
      AnonymousLdap.check(stage.lab().server().ldapPort());
    }
  }
}
