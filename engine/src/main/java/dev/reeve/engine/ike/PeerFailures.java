package dev.reeve.engine.ike;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.PeerFailure.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hears what charon says of its negotiations, and remembers for each peer why the last one came to
/// nothing. Charon 5.9 has no event for that: its sentences are all there is.
///
/// Bounded whatever is heard: the peers and negotiations heard of longest ago are forgotten.
public final class PeerFailures {

  static final int MOST_PEERS = 256;
  private static final int MOST_TALKS = 512;
  private static final int LONGEST = 600;

  /// A peer that nobody has tried again for this long is no news.
  static final Duration MEMORY = Duration.ofHours(1);

  /// So long, what tells more is kept though the peer fails again with less to tell.
  private static final Duration TELLING = Duration.ofMinutes(10);

  private static final Pattern PACKET =
      Pattern.compile("(received|sending) packet: from (\\S+)\\[\\d+] to (\\S+)\\[\\d+].*");
  private static final Pattern CERTIFICATE = Pattern.compile("received end entity cert \"(.*)\"");
  private static final Pattern NO_CONFIG =
      Pattern.compile("no (?:IKE|peer) config found for (\\S+)\\.\\.\\.(\\S+?)(?:,.*)?");
  private static final Pattern KEY =
      Pattern.compile("tried \\d+ shared keys? for '(.*)' - '(.*)', but MAC mismatched");
  private static final Pattern NO_ISSUER =
      Pattern.compile("no issuer certificate found for \"(.*)\"");
  private static final Pattern NO_KEY =
      Pattern.compile("no trusted \\S+ public key found for '(.*)'");
  private static final Pattern WRONG_CA =
      Pattern.compile("constraint check failed: peer not authenticated by CA ['\"](.*)['\"]");
  private static final Pattern INVALID =
      Pattern.compile("(subject|issuer) certificate invalid \\(valid from (.*) to (.*)\\)");
  private static final Pattern REVOKED =
      Pattern.compile("certificate was revoked on (.*), reason: (.*)");
  private static final Pattern CRL =
      Pattern.compile("constraint check failed: RULE_CRL_VALIDATION is (.*), but requires.*");
  private static final Pattern HALF_OPEN =
      Pattern.compile("deleting half open IKE_SA with (\\S+) after timeout");
  private static final Pattern SELECTORS = Pattern.compile("traffic selectors (.*) unacceptable");

  private final Map<Long, Talk> talks = bounded(MOST_TALKS);
  private final Map<String, PeerFailure> peers = bounded(MOST_PEERS);
  private final Map<String, Comparison> compared = bounded(MOST_PEERS);
  private Map<String, Proposed> connections = Map.of();
  private Map<String, String> behindNat = Map.of();

  /// What a connection of ours asks for.
  ///
  /// @param proposals in charon's words
  public record Proposed(List<String> proposals, boolean sharedKey) {
    public Proposed {
      proposals = List.copyOf(proposals);
    }
  }

  /// One negotiation: an IKE SA in charon's numbering.
  private static final class Talk {
    private String peer = "";
    private String certificate = "";
    private String offered = "";
    private String configured = "";
    private boolean answered;
    private boolean established;
    private boolean failed;
    private boolean telling;
  }

  /// What a peer offered beside what this host wants: only the one that is asked gets to see both.
  private record Comparison(Reason reason, String detail, Instant at) {}

  private static <K, V> Map<K, V> bounded(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  /// @param now what is negotiated with, by the names of connections
  public void connections(Map<String, Proposed> now) {
    if (!connections.equals(now)) compared.clear(); // this host may want something else now
    connections = new HashMap<>(now);
  }

  /// @param owners who may use the address of a NAT in transport mode, by its identity
  public void behindNat(Map<IpAddress, String> owners) {
    var text = new HashMap<String, String>();
    owners.forEach((address, owner) -> text.put(address.toString(), owner));
    behindNat = text;
  }

  /// A host was refused that associated through a NAT which another one uses.
  ///
  /// @param identity its own; empty when it did not come to say
  public void sharesNat(String address, String identity, Instant at) {
    String owner = behindNat.getOrDefault(address, "");
    if (owner.isEmpty()) return;
    var talk = new Talk();
    // Whoever began in there and did not come far: the owner itself may have, before it came back.
    String who =
        identity.isEmpty()
            ? "somebody did not get to say who it is; perhaps it"
            : "\"" + identity + "\"";
    failed(
        talk,
        address,
        Reason.BEHIND_SAME_NAT,
        who
            + " is behind the same NAT as \""
            + owner
            + "\", which speaks with this host: in transport mode only one host behind a NAT can;"
            + " secure the others by a tunnel, or give each an address of its own",
        !identity.isEmpty(),
        at);
  }

  /// Its numbers begin anew.
  public void charonStarted() {
    talks.clear();
  }

  /// @param connection empty or `(unnamed)` while it is not known
  /// @param talk charon's number of the IKE SA; 0 for none
  public void hear(String connection, long talk, String said, Instant at) {
    String message = said.length() > LONGEST ? said.substring(0, LONGEST) + "…" : said;
    Matcher none = NO_CONFIG.matcher(message);
    if (none.matches()) {
      failed(
          new Talk(),
          none.group(2),
          Reason.NO_RULE,
          "no rule of this host negotiates with it",
          true,
          at);
      return;
    }
    Matcher halfOpen = HALF_OPEN.matcher(message);
    if (halfOpen.matches()) {
      sharesNat(halfOpen.group(1), "", at);
      return;
    }
    if (talk == 0) return;
    Talk with = talks.computeIfAbsent(talk, _ -> new Talk());
    if (learn(with, message)) return;
    if (message.matches("CHILD_SA .* established with SPIs .*")) {
      peers.remove(with.peer);
      compared.remove(with.peer);
      with.failed = false;
      with.telling = false;
      return;
    }
    judge(with, message, Optional.ofNullable(connections.get(connection)), at);
  }

  /// What is no failure, but explains one.
  private static boolean learn(Talk with, String message) {
    Matcher packet = PACKET.matcher(message);
    if (packet.matches()) {
      boolean received = packet.group(1).equals("received");
      with.answered |= received;
      with.peer = packet.group(received ? 2 : 3);
      return true;
    }
    Matcher certificate = CERTIFICATE.matcher(message);
    if (certificate.matches()) {
      with.certificate = certificate.group(1);
      return true;
    }
    if (message.matches("IKE_SA .* established between .*")) {
      with.established = true;
      return true;
    }
    if (message.startsWith("establishing CHILD_SA")
        || message.startsWith("parsed CREATE_CHILD_SA request")) {
      with.failed = false; // another quick mode under the same main mode
      with.telling = false;
      return true;
    }
    if (message.startsWith("received proposals: ")) {
      with.offered = message.substring("received proposals: ".length());
      return true;
    }
    if (message.startsWith("configured proposals: ")) {
      with.configured = message.substring("configured proposals: ".length());
      return true;
    }
    return false;
  }

  private void judge(Talk with, String message, Optional<Proposed> ours, Instant at) {
    String about = with.certificate.isEmpty() ? "" : "\"" + with.certificate + "\"";
    if (message.matches("giving up after \\d+ retransmits|.*peer not responding.*")) {
      telling(
          with,
          Reason.NO_ANSWER,
          with.answered && !with.established
              ? "it answered, and then no more: what goes to its UDP port 4500 is lost, or it speaks"
                  + " with another host behind the NAT that this one is behind"
              : "it does not answer IKE (UDP port 500)",
          at);
    } else if (message.equals("received proposals unacceptable")) {
      compared(with, Reason.MAIN_MODE_PROPOSAL, "no proposal in common", at);
    } else if (message.equals("received NO_PROPOSAL_CHOSEN notify error")) {
      refused(
          with,
          Reason.MAIN_MODE_PROPOSAL,
          "it accepts none of what this host proposes"
              + ours.map(o -> ": " + Transforms.proposed(o.proposals())).orElse("")
              + "; or no rule of its own is for this host",
          at);
    } else if (message.contains("no acceptable proposal found")
        || message.contains("no acceptable ENCRYPTION_ALGORITHM found")) {
      compared(with, Reason.QUICK_MODE_PROPOSAL, "no offer in common", at);
    } else if (message.startsWith("received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built")) {
      refused(
          with, Reason.QUICK_MODE_PROPOSAL, "it accepts none of this host's quick-mode offers", at);
    } else if (message.startsWith("received TS_UNACCEPTABLE notify")) {
      telling(with, Reason.TRAFFIC, "no rule of its own secures this traffic", at);
    } else if (SELECTORS.matcher(message).matches()) {
      telling(
          with,
          Reason.TRAFFIC,
          "no rule of this host secures what it asks for: "
              + message.replaceFirst("traffic selectors (.*) unacceptable", "$1"),
          at);
    } else if (KEY.matcher(message).matches()) {
      telling(
          with, Reason.PRE_SHARED_KEY, "its pre-shared key is another one than this host's", at);
    } else if (message.startsWith("no shared key found for")) {
      telling(with, Reason.PRE_SHARED_KEY, "this host has no pre-shared key for it", at);
    } else if (message.contains("received AUTHENTICATION_FAILED notify")
        || message.matches("parsed INFORMATIONAL request \\d+ \\[ N\\(AUTH_FAILED\\) ]")) {
      if (ours.filter(Proposed::sharedKey).isPresent()) {
        telling(
            with,
            Reason.PRE_SHARED_KEY,
            "it refused this host's pre-shared key: most likely the two differ",
            at);
      } else {
        vague(
            with,
            Reason.REFUSED_BY_PEER,
            "it did not accept this host's certificate; what it shows itself says why",
            at);
      }
    } else {
      certificates(with, message, about, at);
    }
  }

  private void certificates(Talk with, String message, String about, Instant at) {
    Matcher issuer = NO_ISSUER.matcher(message);
    Matcher invalid = INVALID.matcher(message);
    Matcher revoked = REVOKED.matcher(message);
    Matcher wrong = WRONG_CA.matcher(message);
    Matcher key = NO_KEY.matcher(message);
    Matcher crl = CRL.matcher(message);
    if (invalid.matches()) {
      telling(
          with,
          Reason.CERTIFICATE_EXPIRED,
          "its certificate "
              + about
              + " is valid from "
              + invalid.group(2)
              + " to "
              + invalid.group(3)
              + " only, or one of the two clocks is wrong",
          at);
    } else if (revoked.matches()) {
      telling(
          with,
          Reason.CERTIFICATE_REVOKED,
          "its certificate "
              + about
              + " was revoked on "
              + revoked.group(1)
              + ", reason: "
              + revoked.group(2),
          at);
    } else if (crl.matches()) {
      telling(
          with,
          Reason.REVOCATION_UNKNOWN,
          "whether its certificate " + about + " is revoked cannot be told: " + why(crl.group(1)),
          at);
    } else if (issuer.matches()) {
      telling(
          with,
          Reason.CERTIFICATE_AUTHORITY,
          "nobody whom this host trusts has issued its certificate \"" + issuer.group(1) + "\"",
          at);
    } else if (wrong.matches()) {
      telling(
          with,
          Reason.CERTIFICATE_AUTHORITY,
          "its certificate " + about + " is not of \"" + wrong.group(1) + "\", as the rule wants",
          at);
    } else if (key.matches()) {
      vague(
          with,
          Reason.CERTIFICATE_AUTHORITY,
          "this host trusts no certificate of \"" + key.group(1) + "\"",
          at);
    } else if (message.matches(
        "(no alternative config found|no matching peer config found"
            + "|selected peer config '.*' unacceptable.*|constraint check failed: .*"
            + "|signature validation failed.*|authentication of .* with .* failed.*)")) {
      vague(with, Reason.NOT_AUTHENTICATED, message, at);
    }
  }

  /// @param otherwise what is said when charon did not tell what was offered
  private void compared(Talk with, Reason reason, String otherwise, Instant at) {
    if (with.offered.isEmpty() || with.configured.isEmpty()) {
      telling(with, reason, otherwise, at);
      return;
    }
    String detail = Transforms.difference(with.offered, with.configured);
    if (!with.peer.isEmpty()) compared.put(with.peer, new Comparison(reason, detail, at));
    telling(with, reason, detail, at);
  }

  /// The peer compared, and does not say what it wants; when it asked itself, this host saw.
  private void refused(Talk with, Reason reason, String detail, Instant at) {
    Optional<Comparison> seen =
        Optional.ofNullable(compared.get(with.peer))
            .filter(c -> c.reason() == reason && c.at().isAfter(at.minus(TELLING)));
    telling(with, reason, seen.map(Comparison::detail).orElse(detail), at);
  }

  private void telling(Talk with, Reason reason, String detail, Instant at) {
    failed(with, with.peer, reason, detail, true, at);
  }

  /// @param status in charon's words
  private static String why(String status) {
    return status.equals("STALE")
        ? "a CRL that this host has for its chain has expired; the policy server sends new ones"
        : "this host has no good CRL of each authority in its chain (" + status + ")";
  }

  /// What is only said when nothing more telling was.
  private void vague(Talk with, Reason reason, String detail, Instant at) {
    failed(with, with.peer, reason, detail, false, at);
  }

  /// A negotiation counts once, with the first of the most telling reasons.
  private void failed(
      Talk with, String peer, Reason reason, String detail, boolean telling, Instant at) {
    if (peer.isEmpty() || with.failed && (with.telling || !telling)) return;
    boolean again = with.failed;
    with.failed = true;
    with.telling = telling;
    Optional<PeerFailure> before = Optional.ofNullable(peers.get(peer));
    boolean toldMore =
        !telling && !again && before.filter(b -> b.last().isAfter(at.minus(TELLING))).isPresent();
    boolean same = before.filter(b -> b.reason() == reason).isPresent();
    peers.put(
        peer,
        before
            .filter(_ -> toldMore || same)
            .map(b -> repeated(b, toldMore ? b.detail() : detail, at, again ? 0 : 1))
            .orElseGet(() -> new PeerFailure(peer, reason, detail, at, at, 1, false)));
  }

  private static PeerFailure repeated(PeerFailure before, String detail, Instant at, int more) {
    return new PeerFailure(
        before.peer(), before.reason(), detail, before.first(), at, before.count() + more, false);
  }

  /// Of the last hour, the newest last.
  public List<PeerFailure> all(Instant now) {
    peers.values().removeIf(failure -> failure.last().isBefore(now.minus(MEMORY)));
    return peers.values().stream()
        .sorted(Comparator.comparing(PeerFailure::last).thenComparing(PeerFailure::peer))
        .toList();
  }
}
