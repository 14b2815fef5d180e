package dev.reeve.engine.esp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Sends well-formed first messages of IKE from addresses that are not its own, a new one each
/// time, so that nobody answers what they are answered.
final class Flooder implements AutoCloseable {

  /// A proposal of main mode's defaults: AES-GCM of 256 bits, HMAC-SHA-256, curve25519, of which
  /// any 32 bytes are a public key. A cookie, if there is one, comes first (RFC 7296 §2.6).
  private static final String MESSAGES =
      """
      use strict;
      use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 PF_INET6 AF_INET6);
      my ($to, $count, $rate) = @ARGV;
      my $six = $to =~ /:/;
      my $host = inet_pton($six ? AF_INET6 : AF_INET, $to);
      my $address = sub { $six ? pack_sockaddr_in6($_[0], $host) : sockaddr_in($_[0], $host) };
      srand($rate);
      my $random = sub { join '', map { chr int rand 256 } 1 .. $_[0] };
      my $transforms = pack('CxnCxnnn', 3, 12, 1, 20, 0x800e, 256)
          . pack('CxnCxn', 3, 8, 2, 5) . pack('CxnCxn', 0, 8, 4, 31);
      my $proposal = pack('CxnCCCC', 0, 8 + length $transforms, 1, 1, 0, 3) . $transforms;
      my $sa = pack('CCn', 34, 0, 4 + length $proposal) . $proposal;
      my $exchange = sub { $sa . pack('CCnnn', 40, 0, 40, 31, 0) . $random->(32) . pack('CCn', 0, 0, 36) . $random->(32) };
      my $message = sub {
        my ($spi, $body, $cookie) = @_;
        $body = pack('CCnCCn', 33, 0, 8 + length $cookie, 0, 0, 16390) . $cookie . $body if length $cookie;
        return $spi . pack('x8CCCCNN', length $cookie ? 41 : 33, 0x20, 34, 8, 0, 28 + length $body) . $body;
      };
      """;

  private static final String FLOOD =
      """
      socket(my $raw, $six ? PF_INET6 : PF_INET, SOCK_RAW, 255) or die "socket: $!";
      my $sum = sub { my $s = unpack '%32n*', $_[0]; $s = ($s & 0xffff) + ($s >> 16) while $s >> 16; ~$s & 0xffff };
      for my $i (1 .. $count) {
        my $ike = $message->($random->(8), $exchange->(), '');
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
        send($raw, $packet, 0, $address->(0)) or die "send: $!";
        select(undef, undef, undef, 0.02) if $i % ($rate / 50) == 0;
      }
      print "sent\\n";
      """;

  /// A message is answered with a cookie, which is brought along the second time; by terms, the
  /// first payload of which is 33; or never.
  private static final String BEGIN =
      """
      socket(my $ike, $six ? PF_INET6 : PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
      my $answer = sub {
        my ($spi, $sent) = @_;
        send($ike, $sent, 0, $address->(500)) or die "send: $!";
        my $wait = '';
        vec($wait, fileno($ike), 1) = 1;
        while (select(my $come = $wait, undef, undef, 0.3)) {
          recv($ike, my $said, 65536, 0);
          return $said if substr($said, 0, 8) eq $spi;
        }
        return '';
      };
      my $agreed = 0;
      for (1 .. $count) {
        my $spi = $random->(8);
        my $body = $exchange->();
        my $said = $answer->($spi, $message->($spi, $body, ''));
        if (length $said && ord(substr($said, 16, 1)) == 41) {
          my $cookie = substr($said, 36, unpack('n', substr($said, 30, 2)) - 8);
          $said = $answer->($spi, $message->($spi, $body, $cookie));
        }
        $agreed++ if length $said && ord(substr($said, 16, 1)) == 33;
      }
      print "$agreed\\n";
      """;

  /// Begins main modes from an address of its own, brings the cookies that it is asked for, and
  /// goes on with none.
  ///
  /// @param seed what it says next time is something else with another
  /// @return how many were answered with terms
  static int begins(List<String> within, String to, int count, int seed) {
    var line = new ArrayList<>(within);
    line.addAll(List.of("perl", "-e", MESSAGES + BEGIN, to, "" + count, "" + seed));
    return Integer.parseInt(EspLab.run("", line.toArray(String[]::new)).strip());
  }

  private final Process process;

  /// @param rate at most so many a second
  Flooder(List<String> within, String to, int count, int rate) throws IOException {
    var line = new ArrayList<>(within);
    line.addAll(List.of("perl", "-e", MESSAGES + FLOOD, to, "" + count, "" + rate));
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
