package dev.reeve.engine.ike;

import dev.reeve.engine.vici.ViciElement.Section;
import dev.reeve.engine.vici.ViciMessage;
import dev.reeve.model.status.MainModeSa;
import dev.reeve.model.status.QuickModeSa;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;

/// What a charon does now, as it says itself.
///
/// @param statistics `ike.NAME`
public record Activity(
    List<MainModeSa> mainModes, List<QuickModeSa> quickModes, SortedMap<String, Long> statistics) {

  public static final Activity NONE = new Activity(List.of(), List.of(), new TreeMap<>());

  public Activity {
    mainModes = List.copyOf(mainModes);
    quickModes = List.copyOf(quickModes);
    statistics = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(statistics));
  }

  /// @param authentication of a connection, in words
  /// @param rules of a request id
  static Activity of(
      List<ViciMessage> listed,
      ViciMessage stats,
      ViciMessage counters,
      Function<String, String> authentication,
      LongFunction<List<String>> rules) {
    var mainModes = new ArrayList<MainModeSa>();
    var quickModes = new ArrayList<QuickModeSa>();
    for (ViciMessage message : listed) {
      for (Section section : message.sections()) {
        ViciMessage sa = section.content();
        mainModes.add(mainMode(sa, authentication.apply(section.name())));
        for (Section child : sa.section("child-sas").sections()) {
          quickModes.add(quickMode(sa, child.content(), rules));
        }
      }
    }
    return new Activity(mainModes, quickModes, statistics(stats, counters));
  }

  private static MainModeSa mainMode(ViciMessage sa, String authentication) {
    return new MainModeSa(
        number(sa, "uniqueid"),
        sa.text("state"),
        sa.text("initiator").equals("yes"),
        sa.text("local-host"),
        sa.text("local-id"),
        sa.text("remote-host"),
        sa.text("remote-id"),
        authentication,
        cipher(sa),
        sa.find("integ-alg").orElseGet(() -> sa.text("prf-alg")),
        sa.text("dh-group"),
        nat(sa),
        sa.findNumber("established"),
        sa.findNumber("rekey-time"));
  }

  private static String nat(ViciMessage sa) {
    boolean local = sa.text("nat-local").equals("yes");
    boolean remote = sa.text("nat-remote").equals("yes");
    if (local && remote) return "both";
    return local ? "local" : remote ? "remote" : "";
  }

  private static QuickModeSa quickMode(
      ViciMessage sa, ViciMessage child, LongFunction<List<String>> rules) {
    return new QuickModeSa(
        number(child, "uniqueid"),
        number(sa, "uniqueid"),
        child.text("state"),
        sa.text("local-host"),
        sa.text("remote-host"),
        child.text("protocol"),
        child.text("mode"),
        child.text("encap").equals("yes"),
        child.text("spi-in"),
        child.text("spi-out"),
        cipher(child),
        child.text("integ-alg"),
        child.text("dh-group"),
        child.list("local-ts"),
        child.list("remote-ts"),
        rules.apply(number(child, "reqid")),
        number(child, "packets-in"),
        number(child, "bytes-in"),
        number(child, "packets-out"),
        number(child, "bytes-out"),
        child.findNumber("install-time"),
        child.findNumber("rekey-time"),
        child.findNumber("life-time"));
  }

  private static String cipher(ViciMessage sa) {
    return sa.text("encr-alg") + sa.find("encr-keysize").map(bits -> "_" + bits).orElse("");
  }

  private static long number(ViciMessage message, String name) {
    return message.findNumber(name).orElse(0L);
  }

  private static SortedMap<String, Long> statistics(ViciMessage stats, ViciMessage counters) {
    var found = new TreeMap<String, Long>();
    ViciMessage sas = stats.section("ikesas");
    sas.findNumber("total").ifPresent(count -> found.put("ike.associations", count));
    sas.findNumber("half-open").ifPresent(count -> found.put("ike.half-open", count));
    stats
        .section("mallinfo")
        .findNumber("used")
        .ifPresent(bytes -> found.put("ike.memory-bytes", bytes));
    ViciMessage all = counters.section("counters").section("");
    for (String name : COUNTERS) {
      all.findNumber(name).ifPresent(count -> found.put("ike." + name, count));
    }
    return found;
  }

  private static final List<String> COUNTERS =
      List.of(
          "ike-rekey-init",
          "ike-rekey-resp",
          "child-rekey",
          "invalid",
          "invalid-spi",
          "ike-init-in-req",
          "ike-init-in-resp",
          "ike-init-out-req",
          "ike-init-out-resp",
          "ike-auth-in-req",
          "ike-auth-in-resp",
          "ike-auth-out-req",
          "ike-auth-out-resp",
          "create-child-in-req",
          "create-child-in-resp",
          "create-child-out-req",
          "create-child-out-resp",
          "info-in-req",
          "info-in-resp",
          "info-out-req",
          "info-out-resp");
}
