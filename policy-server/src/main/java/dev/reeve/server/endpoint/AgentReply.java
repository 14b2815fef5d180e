package dev.reeve.server.endpoint;

import java.util.Arrays;
import java.util.HashMap;
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

  static AgentReply notModified(AgentService.Poll poll) {
    return new AgentReply(304, policyHeaders(poll), NOTHING);
  }

  static AgentReply manifest(AgentService.Poll poll) {
    return new AgentReply(200, policyHeaders(poll), poll.signed());
  }

  private static Map<String, String> policyHeaders(AgentService.Poll poll) {
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/cms");
    headers.put("ETag", poll.etag());
    headers.put("Cache-Control", "no-store");
    poll.wanted().forEach(wanted -> headers.put(wanted.header(), "yes"));
    return headers;
  }

  /// Whether the host is asked for something.
  boolean wantsMore() {
    return Arrays.stream(AgentService.Wanted.values())
        .anyMatch(wanted -> headers.containsKey(wanted.header()));
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
