package dev.reeve.cli.ipsec.library;

import dev.reeve.cli.ipsec.netsh.Netsh;
import dev.reeve.cli.ipsec.netsh.Tags;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `add|set|delete filterlist` and `add|delete filter`.
record FilterCommands(PolicyLibrary library) {

  private static final List<String> FILTER =
      List.of(
          "filterlist",
          "srcaddr",
          "dstaddr",
          "description",
          "protocol",
          "mirrored",
          "srcmask",
          "dstmask",
          "srcport",
          "dstport");
  private static final List<String> WHICH =
      List.of(
          "filterlist",
          "srcaddr",
          "dstaddr",
          "protocol",
          "srcmask",
          "dstmask",
          "srcport",
          "dstport",
          "mirrored");

  PolicyLibrary addList(List<String> words) throws LibraryException {
    Tags tags = Tags.parse("add filterlist", List.of("name", "description"), words);
    return library.with(fresh(Named.fresh(tags, "name"), tags.find("description").orElse("")));
  }

  private FilterList fresh(String name, String description) throws LibraryException {
    if (library.findList(name).isPresent()) {
      throw new LibraryException(
          "a filter list is called '" + name + "' already; set filterlist changes it");
    }
    return new FilterList(Ids.next(), name, description, List.of());
  }

  PolicyLibrary setList(List<String> words) throws LibraryException {
    Tags tags =
        Tags.parse("set filterlist", List.of("name", "newname", "description", "guid"), words);
    FilterList before = library.list(Named.which(tags, "filter list"));
    Optional<String> name = Named.other(tags);
    if (name.flatMap(library::findList).filter(l -> !l.id().equals(before.id())).isPresent()) {
      throw new LibraryException("a filter list is called '" + name.get() + "' already");
    }
    return library.with(
        new FilterList(
            before.id(),
            name.orElse(before.name()),
            tags.find("description").orElse(before.description()),
            before.filters()));
  }

  PolicyLibrary deleteList(List<String> words) throws LibraryException {
    String name = Tags.parse("delete filterlist", List.of("name"), words).get("name");
    List<FilterList> meant = name.equals("all") ? library.lists() : List.of(library.list(name));
    PolicyLibrary left = library;
    for (FilterList list : meant) {
      List<PolicyLibrary.Use> uses = library.uses(list);
      if (!uses.isEmpty()) {
        throw new LibraryException(
            "filter list '" + list.name() + "' is that of " + uses.getFirst());
      }
      left = left.without(list);
    }
    return left;
  }

  /// Makes the list where it is missing, as netsh does.
  PolicyLibrary addFilter(List<String> words) throws LibraryException {
    Tags tags = Tags.parse("add filter", FILTER, words);
    Filter filter = Netsh.filter(tags);
    String name = tags.get("filterlist");
    Optional<FilterList> there = library.findList(name);
    FilterList list = there.isPresent() ? there.get() : fresh(Named.fresh(tags, "filterlist"), "");
    if (list.filters().stream().anyMatch(f -> isSame(f, filter))) {
      throw new LibraryException("filter list '" + list.name() + "' has " + filter + " already");
    }
    return library.with(
        with(list, Stream.concat(list.filters().stream(), Stream.of(filter)).toList()));
  }

  PolicyLibrary deleteFilter(List<String> words) throws LibraryException {
    Tags tags = Tags.parse("delete filter", WHICH, words);
    Filter filter = Netsh.filter(tags);
    FilterList list = library.list(tags.get("filterlist"));
    List<Filter> left = list.filters().stream().filter(f -> !isSame(f, filter)).toList();
    if (left.size() == list.filters().size()) {
      throw new LibraryException("filter list '" + list.name() + "' has no filter " + filter);
    }
    return library.with(with(list, left));
  }

  /// The same packets, whatever is said of them.
  private static boolean isSame(Filter a, Filter b) {
    return a.source().equals(b.source())
        && a.destination().equals(b.destination())
        && a.protocol().equals(b.protocol())
        && a.sourcePorts().equals(b.sourcePorts())
        && a.destinationPorts().equals(b.destinationPorts())
        && a.mirrored() == b.mirrored();
  }

  private static FilterList with(FilterList list, List<Filter> filters) {
    return new FilterList(list.id(), list.name(), list.description(), filters);
  }
}
