package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.engine.nft.NftRule.Verdict;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Keeps hosts behind one NAT apart, by the UDP ports that it gives them. The part of the gate that
/// looks at what carries protected packets, not at what they carry.
///
/// What this host sends protected to a peer that called it goes through a door only. What asks at
/// an address that is taken, and not from its door, is not heard: two that associate would take
/// each other's answers.
///
/// @param doors where peers are
/// @param taken addresses that one host alone may use
public record NatDoors(SortedSet<Door> doors, SortedSet<IpAddress> taken) {

  public static final NatDoors NONE = new NatDoors(new TreeSet<>(), new TreeSet<>());

  static final List<String> COUNTERS = List.of("nat_taken", "nat_waits");

  private static final String PASS = "nat_pass";
  private static final String REFUSE = "nat_refuse";
  private static final String ARRIVING = "nat_in";
  private static final String LEAVING = "nat_out";
  private static final int PORT = 4500;

  public NatDoors {
    doors = Collections.unmodifiableSortedSet(new TreeSet<>(doors));
    taken = Collections.unmodifiableSortedSet(new TreeSet<>(taken));
  }

  /// @param port of UDP, as this host sees it
  public record Door(IpAddress address, int port) implements Comparable<Door> {
    @Override
    public int compareTo(Door other) {
      int order = address.compareTo(other.address);
      return order != 0 ? order : Integer.compare(port, other.port);
    }
  }

  /// For packets that arrive, and for those that leave.
  NftRule jump(boolean arriving) {
    return NftRule.of(
        new Verdict.Jump(arriving ? ARRIVING : LEAVING),
        new NftMatch.Protocol(IpProtocol.UDP.number()),
        new NftMatch.Ports(arriving ? End.DESTINATION : End.SOURCE, PortRange.of(PORT)));
  }

  List<NftMap> maps() {
    return Stream.of(IpFamily.values())
        .flatMap(family -> Stream.of(doors(family), taken(family)))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<NftMap> doors(IpFamily family) {
    var elements = new HashMap<String, Verdict>();
    for (Door door : doors) {
      if (door.address().family() == family) {
        elements.put(door.address() + " . " + door.port(), new Verdict.Goto(PASS));
      }
    }
    return map(doorMap(family), key(End.SOURCE, family, true), elements);
  }

  private Optional<NftMap> taken(IpFamily family) {
    var elements = new HashMap<String, Verdict>();
    for (IpAddress address : taken) {
      if (address.family() == family) elements.put(address.toString(), new Verdict.Goto(REFUSE));
    }
    return map(takenMap(family), key(End.SOURCE, family, false), elements);
  }

  private static Optional<NftMap> map(
      String name, List<NftKey> key, Map<String, Verdict> elements) {
    return elements.isEmpty()
        ? Optional.empty()
        : Optional.of(NftMap.of(name, key, false, elements));
  }

  private static String doorMap(IpFamily family) {
    return family == IpFamily.IPV4 ? "door4" : "door6";
  }

  private static String takenMap(IpFamily family) {
    return family == IpFamily.IPV4 ? "taken4" : "taken6";
  }

  private static List<NftKey> key(End end, IpFamily family, boolean port) {
    var key = new ArrayList<NftKey>();
    key.add(new NftKey.Address(end, family, family.bits()));
    if (port) key.add(new NftKey.Port(end));
    return key;
  }

  List<NftChain> chains() {
    var in = new ArrayList<NftRule>();
    var out = new ArrayList<NftRule>();
    for (IpFamily family : IpFamily.values()) {
      if (doors(family).isEmpty()) continue;
      in.add(lookup(End.SOURCE, family, true, doorMap(family)));
      out.add(lookup(End.DESTINATION, family, true, doorMap(family)));
    }
    for (IpFamily family : IpFamily.values()) {
      if (taken(family).isPresent()) in.add(lookup(End.SOURCE, family, false, takenMap(family)));
    }
    out.add(
        NftRule.counted(
            "nat_waits",
            Verdict.Drop.DROP,
            new NftMatch.Local(End.SOURCE),
            NftMatch.Answer.ANSWER,
            NftMatch.InUdp.PROTECTED));
    NftRule refuse =
        NftRule.counted(
            "nat_taken",
            Verdict.Drop.DROP,
            new NftMatch.Local(End.DESTINATION),
            NftMatch.InUdp.IKE);
    return List.of(
        new NftChain(PASS, Optional.empty(), List.of()),
        new NftChain(REFUSE, Optional.empty(), List.of(refuse)),
        new NftChain(ARRIVING, Optional.empty(), in),
        new NftChain(LEAVING, Optional.empty(), out));
  }

  private static NftRule lookup(End end, IpFamily family, boolean port, String map) {
    return NftRule.of(new Verdict.Lookup(key(end, family, port), map));
  }
}
