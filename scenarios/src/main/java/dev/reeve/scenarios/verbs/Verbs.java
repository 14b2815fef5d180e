package dev.reeve.scenarios.verbs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The verbs there are. scenarios/README.md explains them to those who write scenarios.
public final class Verbs {

  private interface Parser {
    Step parse(Words words) throws StepException;
  }

  private static final Map<String, Parser> PARSERS = new LinkedHashMap<>();

  static {
    PARSERS.put("server", ServerStep::parse);
    PARSERS.put("agent", AgentStep::parse);
    PARSERS.put("store", StoreStep::parse);
    PARSERS.put("certificate", CertificateStep::parse);
    PARSERS.put("gpupdate", GpupdateStep::parse);
    PARSERS.put("gpresult", GpresultStep::parse);
    PARSERS.put("ldap", LdapStep::parse);
    PARSERS.put("expect", ExpectStep::parse);
    PARSERS.put("watch", WatchStep::parse);
    PARSERS.put("listen", ListenStep::parse);
    PARSERS.put("answer", AnswerStep::parse);
    PARSERS.put("datagram", DatagramStep::parse);
    PARSERS.put("traffic", TrafficStep::parse);
    PARSERS.put("reported", ReportedStep::parse);
    PARSERS.put("file", FileStep::parse);
    PARSERS.put("static", StaticStep::parse);
    PARSERS.put("publish", PublishStep::parse);
    PARSERS.put("ip", IpStep::parse);
    PARSERS.put("connect", ConnectStep::parse);
    PARSERS.put("wire", WireStep::parse);
    PARSERS.put("flow", FlowStep::parse);
    PARSERS.put("flood", FloodStep::parse);
    PARSERS.put("spoof", SpoofStep::parse);
    PARSERS.put("hold", HoldStep::parse);
    PARSERS.put("clear", ClearStep::parse);
    PARSERS.put("unrest", UnrestStep::parse);
    PARSERS.put("gate", GateStep::parse);
    PARSERS.put("boot", BootStep::parse);
    PARSERS.put("nftables", NftablesStep::parse);
    PARSERS.put("ike", IkeStep::parse);
    PARSERS.put("libreswan", LibreswanStep::parse);
    PARSERS.put("dynamic", DynamicStep::parse);
    PARSERS.put("diag", DiagStep::parse);
    PARSERS.put("drift", DriftStep::parse);
    PARSERS.put("revoke", RevokeStep::parse);
    PARSERS.put("secret", SecretStep::parse);
    PARSERS.put("tamper", TamperStep::parse);
    PARSERS.put("outsider", OutsiderStep::parse);
    PARSERS.put("withdrawal", WithdrawalStep::parse);
    PARSERS.put("kill-nine", KillNineStep::parse);
  }

  private Verbs() {}

  static Set<String> names() {
    return PARSERS.keySet();
  }

  /// @param text a step without its number
  public static Step parse(String text) throws StepException {
    Words words = Words.of(text);
    String verb = words.next("a verb");
    Parser parser = PARSERS.get(verb);
    if (parser == null) {
      throw new StepException(
          "no verb '"
              + verb
              + "'; there are "
              + String.join(", ", new TreeSet<>(PARSERS.keySet())));
    }
    Step step = parser.parse(words);
    words.end();
    return step;
  }
}
