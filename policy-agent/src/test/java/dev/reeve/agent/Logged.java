package dev.reeve.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// What a logger said while this was open, as `WARNING: its words`.
final class Logged implements AutoCloseable {

  private final Logger logger;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        private final SimpleFormatter words = new SimpleFormatter();

        @Override
        public void publish(LogRecord one) {
          lines.add(one.getLevel().getName() + ": " + words.formatMessage(one));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  Logged(String name) {
    logger = Logger.getLogger(name);
    logger.addHandler(handler);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }
}
