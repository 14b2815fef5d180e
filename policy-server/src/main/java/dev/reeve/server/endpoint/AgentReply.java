package dev.reeve.server.endpoint;

import java.util.Map;

/// What goes back to a host.
record AgentReply(int status, Map<String, String> headers, byte[] body) {

  private static final byte[] NOTHING = {};

  static AgentReply error(int status, String code, String detail) {
    return new AgentReply(
        status,
        Map.of("Content-Type", "application/json"),
        AgentConnection.errorBody(code, detail));
  }

  static AgentReply done() {
    return new AgentReply(204, Map.of(), NOTHING);
  }

  static AgentReply notModified(String etag, boolean factsWanted) {
    return new AgentReply(304, policyHeaders(etag, factsWanted), NOTHING);
  }

  static AgentReply manifest(byte[] signed, String etag, boolean factsWanted) {
    return new AgentReply(200, policyHeaders(etag, factsWanted), signed);
  }

  private static Map<String, String> policyHeaders(String etag, boolean factsWanted) {
    return factsWanted
        ? Map.of(
            "Content-Type",
            "application/cms",
            "ETag",
            etag,
            "Cache-Control",
            "no-store",
            "Reeve-Facts-Wanted",
            "yes")
        : Map.of("Content-Type", "application/cms", "ETag", etag, "Cache-Control", "no-store");
  }

  /// What has this name never changes.
  static AgentReply object(byte[] body) {
    return new AgentReply(
        200,
        Map.of(
            "Content-Type",
            "application/octet-stream",
            "Cache-Control",
            "private, max-age=31536000, immutable"),
        body);
  }

  static AgentReply body(String type, byte[] body) {
    return new AgentReply(200, Map.of("Content-Type", type), body);
  }
}
