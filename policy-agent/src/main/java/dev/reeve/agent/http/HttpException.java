package dev.reeve.agent.http;

import java.io.IOException;

/// The other side does not speak HTTP/1.1 as it should, or says too much.
public final class HttpException extends IOException {

  public HttpException(String message) {
    super(message);
  }
}
