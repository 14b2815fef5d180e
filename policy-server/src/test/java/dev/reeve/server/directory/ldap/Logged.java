package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

/// What the directory's logger said while this was open, as `ERROR: its words [key="value"]`.
final class Logged implements AutoCloseable {

  private final Logger logger = (Logger) LoggerFactory.getLogger("directory");
  private final Optional<Level> before = Optional.ofNullable(logger.getLevel());
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent one) {
          String pairs =
              Optional.ofNullable(one.getKeyValuePairs()).map(all -> " " + all).orElse("");
          lines.add(one.getLevel() + ": " + one.getFormattedMessage() + pairs);
        }
      };

  Logged() {
    appender.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(appender);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /// Waits until it was said.
  void await(Predicate<String> wanted) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(lines).anyMatch(wanted));
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(before.orElse(null));
  }
}
