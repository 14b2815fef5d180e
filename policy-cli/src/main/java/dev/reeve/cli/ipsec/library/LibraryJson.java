package dev.reeve.cli.ipsec.library;

import dev.reeve.cli.ipsec.library.PolicyLibrary.NamedAction;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.schema.exchange.Keys;
import dev.reeve.schema.exchange.Policies;
import dev.reeve.schema.exchange.PolicyFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The readable file of `reeve ipsec export`, with what belongs to no rule beside the policies:
///
/// ```
/// {"v":1,"policies":[…],"filterLists":[…],
///  "filterActions":[{"description":…,"action":{…}}],"assigned":"{…}"}
/// ```
public final class LibraryJson {

  private LibraryJson() {}

  /// @param reveal writes keys of the exchange readable
  public static PolicyFile.Written write(PolicyLibrary library, Keys keys, boolean reveal) {
    var policies = new Policies(library.policies(), List.of(), Optional.empty(), List.of());
    PolicyFile.Written written = PolicyFile.write(policies, keys, reveal);
    var extras =
        JsonBuilder.object()
            .putAll("filterLists", library.lists(), IpsecJson::write)
            .putAll("filterActions", library.actions(), LibraryJson::action)
            .putIfPresent("assigned", library.assigned())
            .build();
    var members = new LinkedHashMap<>(written.document().members());
    members.putAll(extras.members());
    return new PolicyFile.Written(new JsonObject(members), written.findings());
  }

  private static JsonObject action(NamedAction action) {
    return JsonBuilder.object()
        .put("description", action.description())
        .put("action", IpsecJson.write(action.action()))
        .build();
  }

  /// A file without the members of a library is one of policies alone: their lists and actions are
  /// the library's.
  ///
  /// @throws JsonException when it is neither
  public static PolicyLibrary read(byte[] utf8, Keys keys) {
    Policies policies = PolicyFile.read(utf8, keys);
    if (!policies.originals().isEmpty()) {
      throw new JsonException(
          "$.microsoft",
          "Microsoft's own objects would be lost: take the member out, or import the file");
    }
    PolicyLibrary bare = extras(utf8);
    PolicyLibrary library = Merge.of(bare, policies.policies());
    Optional<String> assigned =
        bare.assigned().filter(id -> library.policies().stream().anyMatch(p -> p.id().equals(id)));
    return library.withAssigned(assigned);
  }

  /// What belongs to no rule, without policies.
  public static PolicyLibrary extras(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    List<FilterList> lists = in.objects("filterLists", IpsecJson::readFilterList);
    List<NamedAction> actions = in.objects("filterActions", LibraryJson::readAction);
    return new PolicyLibrary(List.of(), lists, actions, in.findString("assigned"));
  }

  private static NamedAction readAction(JsonMembers in) {
    var action =
        new NamedAction(in.string("description"), IpsecJson.readAction(in.object("action")));
    in.end();
    return action;
  }
}
