package dev.reeve.model.gp;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An immutable map whose changed copies share what did not change. A change and a look-up cost a
/// few steps whatever the size; two copies of one map are compared in proportion to what differs.
///
/// It is a hash trie: a node holds up to 32 children, chosen by five bits of the key's hash a
/// level.
public final class SharedMap<K, V> extends AbstractMap<K, V> {

  private static final int BITS = 5;
  private static final SharedMap<?, ?> EMPTY = new SharedMap<>(null, 0);

  private sealed interface Node<K, V> {}

  private static final class Leaf<K, V> extends SimpleImmutableEntry<K, V> implements Node<K, V> {
    private static final long serialVersionUID = 1;

    Leaf(K key, V value) {
      super(key, value);
    }

    int hash() {
      return getKey().hashCode();
    }
  }

  /// Keys with one hash; never fewer than two.
  private record Clash<K, V>(int hash, Leaf<K, V>[] leaves) implements Node<K, V> {}

  /// @param bitmap which children there are; they stand in the order of their bits
  private record Branch<K, V>(int bitmap, Node<K, V>[] children) implements Node<K, V> {

    int index(int bit) {
      return Integer.bitCount(bitmap & (bit - 1));
    }

    @Nullable Node<K, V> child(int bit) {
      return (bitmap & bit) == 0 ? null : children[index(bit)];
    }

    Branch<K, V> with(int bit, Node<K, V> child) {
      int at = index(bit);
      if ((bitmap & bit) != 0) {
        Node<K, V>[] copy = children.clone();
        copy[at] = child;
        return new Branch<>(bitmap, copy);
      }
      Node<K, V>[] copy = nodes(children.length + 1);
      System.arraycopy(children, 0, copy, 0, at);
      copy[at] = child;
      System.arraycopy(children, at, copy, at + 1, children.length - at);
      return new Branch<>(bitmap | bit, copy);
    }

    @Nullable Node<K, V> without(int bit) {
      int at = index(bit);
      if (children.length == 1) return null;
      Node<K, V>[] copy = nodes(children.length - 1);
      System.arraycopy(children, 0, copy, 0, at);
      System.arraycopy(children, at + 1, copy, at, copy.length - at);
      return copy.length == 1 && !(copy[0] instanceof Branch)
          ? copy[0]
          : new Branch<>(bitmap & ~bit, copy);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <K, V> Node<K, V>[] nodes(int length) {
    return (Node<K, V>[]) new Node[length];
  }

  private final @Nullable Node<K, V> root;
  private final int size;

  private SharedMap(@Nullable Node<K, V> root, int size) {
    this.root = root;
    this.size = size;
  }

  @SuppressWarnings("unchecked")
  public static <K, V> SharedMap<K, V> of() {
    return (SharedMap<K, V>) EMPTY;
  }

  /// The same map, when it is one of these.
  public static <K, V> SharedMap<K, V> copyOf(Map<K, V> map) {
    if (map instanceof SharedMap<K, V> shared) return shared;
    SharedMap<K, V> copy = of();
    for (var entry : map.entrySet()) copy = copy.with(entry.getKey(), entry.getValue());
    return copy;
  }

  /// This very map, when `key` has this very value.
  public SharedMap<K, V> with(K key, V value) {
    V before = get(key);
    if (before == value) return this;
    var leaf = new Leaf<>(key, value);
    Node<K, V> next = root == null ? leaf : with(root, leaf, leaf.hash(), 0);
    return new SharedMap<>(next, before == null ? size + 1 : size);
  }

  /// This very map, when `key` has no value.
  public SharedMap<K, V> without(K key) {
    if (root == null || get(key) == null) return this;
    Node<K, V> next = without(root, key, key.hashCode(), 0);
    return next == null ? of() : new SharedMap<>(next, size - 1);
  }

  private static int bit(int hash, int shift) {
    return 1 << (hash >>> shift & 31);
  }

  private static <K, V> Node<K, V> with(Node<K, V> node, Leaf<K, V> leaf, int hash, int shift) {
    return switch (node) {
      case Branch<K, V> branch -> {
        int bit = bit(hash, shift);
        Node<K, V> child = branch.child(bit);
        yield branch.with(bit, child == null ? leaf : with(child, leaf, hash, shift + BITS));
      }
      case Leaf<K, V> other -> {
        if (other.getKey().equals(leaf.getKey())) yield leaf;
        yield other.hash() == hash
            ? clash(hash, other, leaf)
            : with(pushedDown(other, other.hash(), shift), leaf, hash, shift);
      }
      case Clash<K, V> clash -> {
        if (clash.hash != hash) yield with(pushedDown(clash, clash.hash, shift), leaf, hash, shift);
        Leaf<K, V>[] leaves = clash.leaves;
        for (int i = 0; i < leaves.length; i++) {
          if (!leaves[i].getKey().equals(leaf.getKey())) continue;
          Leaf<K, V>[] copy = leaves.clone();
          copy[i] = leaf;
          yield new Clash<>(hash, copy);
        }
        Leaf<K, V>[] copy = Arrays.copyOf(leaves, leaves.length + 1);
        copy[leaves.length] = leaf;
        yield new Clash<>(hash, copy);
      }
    };
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <K, V> Clash<K, V> clash(int hash, Leaf<K, V> one, Leaf<K, V> other) {
    return new Clash<>(hash, (Leaf<K, V>[]) new Leaf[] {one, other});
  }

  private static <K, V> Branch<K, V> pushedDown(Node<K, V> node, int hash, int shift) {
    Node<K, V>[] children = nodes(1);
    children[0] = node;
    return new Branch<>(bit(hash, shift), children);
  }

  private static <K, V> @Nullable Node<K, V> without(Node<K, V> node, K key, int hash, int shift) {
    return switch (node) {
      case Branch<K, V> branch -> {
        int bit = bit(hash, shift);
        Node<K, V> child = branch.child(bit);
        if (child == null) yield branch;
        Node<K, V> next = without(child, key, hash, shift + BITS);
        if (next == null) yield branch.without(bit);
        // a lone leaf moves up, so that equal maps have equal shapes
        yield branch.children.length == 1 && !(next instanceof Branch)
            ? next
            : branch.with(bit, next);
      }
      case Leaf<K, V> leaf -> leaf.getKey().equals(key) ? null : leaf;
      case Clash<K, V>(var clashHash, var leaves) -> {
        int at = 0;
        while (at < leaves.length && !leaves[at].getKey().equals(key)) at++;
        if (at == leaves.length) yield node;
        if (leaves.length == 2) yield leaves[1 - at];
        Leaf<K, V>[] copy = Arrays.copyOf(leaves, leaves.length - 1);
        if (at < copy.length) copy[at] = leaves[leaves.length - 1];
        yield new Clash<>(clashHash, copy);
      }
    };
  }

  private static <K, V> @Nullable Leaf<K, V> find(
      @Nullable Node<K, V> from, Object key, int hash, int startShift) {
    Node<K, V> node = from;
    for (int shift = startShift; node != null; shift += BITS) {
      switch (node) {
        case Branch<K, V> branch -> node = branch.child(bit(hash, shift));
        case Leaf<K, V> leaf -> {
          return leaf.getKey().equals(key) ? leaf : null;
        }
        case Clash<K, V>(var clashHash, var leaves) -> {
          if (clashHash == hash)
            for (Leaf<K, V> leaf : leaves) if (leaf.getKey().equals(key)) return leaf;
          return null;
        }
      }
    }
    return null;
  }

  /// Tells the keys whose values are not the same object in both maps, each once, in no order.
  public void forEachDifference(SharedMap<K, V> other, Consumer<? super K> tell) {
    differences(root, other.root, 0, tell);
  }

  private static <K, V> void differences(
      @Nullable Node<K, V> one, @Nullable Node<K, V> other, int shift, Consumer<? super K> tell) {
    if (one == other) return;
    if (one instanceof Branch<K, V> left && other instanceof Branch<K, V> right) {
      for (int bits = left.bitmap | right.bitmap; bits != 0; bits &= bits - 1) {
        int bit = Integer.lowestOneBit(bits);
        differences(left.child(bit), right.child(bit), shift + BITS, tell);
      }
      return;
    }
    leaves(
        one,
        leaf -> {
          Leaf<K, V> found = find(other, leaf.getKey(), leaf.hash(), shift);
          if (found == null || found.getValue() != leaf.getValue()) tell.accept(leaf.getKey());
        });
    leaves(
        other,
        leaf -> {
          if (find(one, leaf.getKey(), leaf.hash(), shift) == null) tell.accept(leaf.getKey());
        });
  }

  private static <K, V> void leaves(@Nullable Node<K, V> node, Consumer<Leaf<K, V>> tell) {
    switch (node) {
      case null -> {}
      case Branch<K, V>(_, var children) -> {
        for (Node<K, V> child : children) leaves(child, tell);
      }
      case Leaf<K, V> leaf -> tell.accept(leaf);
      case Clash<K, V>(_, var leaves) -> {
        for (Leaf<K, V> leaf : leaves) tell.accept(leaf);
      }
    }
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    if (key == null) return null;
    Leaf<K, V> leaf = find(root, key, key.hashCode(), 0);
    return leaf == null ? null : leaf.getValue();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Set<Entry<K, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<K, V>> iterator() {
        return new Leaves<>(root);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  private static final class Leaves<K, V> implements Iterator<Map.Entry<K, V>> {
    private final ArrayDeque<Node<K, V>> left = new ArrayDeque<>();

    Leaves(@Nullable Node<K, V> root) {
      if (root != null) left.push(root);
    }

    @Override
    public boolean hasNext() {
      return !left.isEmpty();
    }

    @Override
    public Map.Entry<K, V> next() {
      while (true) {
        Node<K, V> node = left.poll();
        switch (node) {
          case null -> throw new NoSuchElementException();
          case Branch<K, V>(_, var children) -> {
            for (Node<K, V> child : children) left.push(child);
          }
          case Leaf<K, V> leaf -> {
            return leaf;
          }
          case Clash<K, V>(_, var leaves) -> {
            for (Leaf<K, V> leaf : leaves) left.push(leaf);
          }
        }
      }
    }
  }
}
