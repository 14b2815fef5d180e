package dev.reeve.cli.demo;

/// Something was not shown to work. It has been told already.
final class DemoFailure extends Exception {

  DemoFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
