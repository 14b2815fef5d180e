package dev.reeve.engine.esp;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs test classes, and `CLASS#METHOD`, on a kernel that has ESP, wherever that is, and prints a
/// line for each test: `ok NAME`, `skip NAME: WHY` or `not ok NAME: WHY`.
public final class EspTests {

  /// For what a scenario proves over IPv4, with a server.
  static Stream<Integer> families() {
    return Boolean.getBoolean("reeve.full") ? Stream.of(4, 6) : Stream.of(6);
  }

  private EspTests() {}

  /// @param classes names; `CLASS#METHOD` for one method alone
  public static void main(String[] classes) {
    var request = LauncherDiscoveryRequestBuilder.request();
    for (String name : classes) {
      request.selectors(name.contains("#") ? selectMethod(name) : selectClass(name));
    }
    LauncherFactory.create()
        .execute(
            request.build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                report(test, result);
              }
            });
    System.out.println("done");
    System.exit(0); // threads of a lab that failed to start must not keep the guest
  }

  private static void report(TestIdentifier test, TestExecutionResult result) {
    boolean good = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
    if (good && test.isTest()) System.out.println("ok " + test.getDisplayName());
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      String why = result.getThrowable().map(Throwable::getMessage).orElse("");
      System.out.println("skip " + test.getDisplayName() + ": " + why);
      System.out.flush();
      return;
    }
    result
        .getThrowable()
        .filter(_ -> !good)
        .ifPresent(thrown -> {
          System.out.println(
              "not ok "
                  + test.getDisplayName()
                  + ": "
                  + String.valueOf(thrown).replace('\n', '\t'));
          for (StackTraceElement at : thrown.getStackTrace()) {
            if (at.getClassName().startsWith("dev.reeve")) System.out.println("# at " + at);
          }
        });
    System.out.flush();
  }
}
