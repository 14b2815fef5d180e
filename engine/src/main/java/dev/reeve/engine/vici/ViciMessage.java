package dev.reeve.engine.vici;

import dev.reeve.engine.vici.ViciElement.Bytes;
import dev.reeve.engine.vici.ViciElement.Section;
import dev.reeve.engine.vici.ViciElement.Value;
import dev.reeve.engine.vici.ViciElement.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A message, or the content of a section: elements in their order. A name may come twice; what
/// looks one up takes the first.
public record ViciMessage(List<ViciElement> elements) {

  public static final ViciMessage EMPTY = new ViciMessage(List.of());

  public ViciMessage {
    elements = List.copyOf(elements);
  }

  public static ViciMessage of(Consumer<Builder> content) {
    var builder = new Builder();
    content.accept(builder);
    return new ViciMessage(builder.elements);
  }

  public static final class Builder {
    private final List<ViciElement> elements = new ArrayList<>();

    private Builder() {}

    public Builder put(String name, String value) {
      elements.add(new Value(name, Bytes.of(value)));
      return this;
    }

    public Builder put(String name, long value) {
      return put(name, Long.toString(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, value ? "yes" : "no");
    }

    public Builder put(String name, byte[] value) {
      elements.add(new Value(name, Bytes.of(value)));
      return this;
    }

    public Builder list(String name, List<String> items) {
      elements.add(new Values(name, items.stream().map(Bytes::of).toList()));
      return this;
    }

    public Builder bytes(String name, List<byte[]> items) {
      elements.add(new Values(name, items.stream().map(Bytes::of).toList()));
      return this;
    }

    public Builder section(String name, Consumer<Builder> content) {
      return section(name, ViciMessage.of(content));
    }

    public Builder section(String name, ViciMessage content) {
      elements.add(new Section(name, content));
      return this;
    }
  }

  public Optional<String> find(String name) {
    for (ViciElement element : elements) {
      if (element instanceof Value(var key, var bytes) && key.equals(name)) {
        return Optional.of(bytes.text());
      }
    }
    return Optional.empty();
  }

  /// A value that is no text; empty when there is none.
  public Optional<byte[]> findBytes(String name) {
    for (ViciElement element : elements) {
      if (element instanceof Value(var key, var bytes) && key.equals(name)) {
        return Optional.of(bytes.toArray());
      }
    }
    return Optional.empty();
  }

  /// Empty text when there is no such value.
  public String text(String name) {
    return find(name).orElse("");
  }

  /// A number in decimal; empty when there is none.
  public Optional<Long> findNumber(String name) {
    Optional<String> text = find(name);
    return text.filter(t -> t.matches("-?[0-9]{1,18}")).map(Long::parseLong);
  }

  /// Items of the list of that name; empty when there is none.
  public List<String> list(String name) {
    for (ViciElement element : elements) {
      if (element instanceof Values(var key, var items) && key.equals(name)) {
        return items.stream().map(Bytes::text).toList();
      }
    }
    return List.of();
  }

  /// The content of the section of that name; empty when there is none.
  public ViciMessage section(String name) {
    return sections().stream()
        .filter(section -> section.name().equals(name))
        .findFirst()
        .map(Section::content)
        .orElse(EMPTY);
  }

  public List<Section> sections() {
    var sections = new ArrayList<Section>();
    for (ViciElement element : elements) if (element instanceof Section s) sections.add(s);
    return sections;
  }

  /// On one line, for people.
  @Override
  public String toString() {
    return elements.stream()
        .map(element ->
            switch (element) {
              case Value(var name, var bytes) -> name + "=" + bytes;
              case Values(var name, var items) -> name + "=" + items;
              case Section(var name, var content) -> name + " " + content;
            })
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
