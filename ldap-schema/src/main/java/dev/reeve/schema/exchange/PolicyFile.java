package dev.reeve.schema.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Code;
import dev.reeve.schema.ipsec.Finding.Effect;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The readable file: one UTF-8 JSON document that holds policies whole.
///
/// ```
/// {"v":1,
///  "policies":[{"id":"{…}","name":…,"description":…,"pollingSeconds":…,"mainMode":{…},"rules":[…]}],
///  "microsoft":[{"dn":…,"attributes":{…},"data":"base64"}]}
/// ```
///
/// A policy has the members that [IpsecJson] gives it. A pre-shared key is `"key":"readable"`, or
/// `"sealed":"base64"` when it was sealed to a server's vault, or `"withheld":true`. `microsoft` is
/// there when the policies were read from Microsoft's objects: it brings the bytes that nobody
/// knows back to where they were, and may be deleted.
public final class PolicyFile {

  private static final int VERSION = 1;
  private static final String WITHHELD = "withheld";

  /// Which attributes of an original count when it is written again.
  private static final List<LdapAttribute> KEPT =
      List.of(
          LdapAttribute.OBJECT_CLASS,
          LdapAttribute.IPSEC_NAME,
          LdapAttribute.DESCRIPTION,
          LdapAttribute.IPSEC_ID,
          LdapAttribute.IPSEC_DATA_TYPE,
          LdapAttribute.IPSEC_ISAKMP_REFERENCE,
          LdapAttribute.IPSEC_NFA_REFERENCE,
          LdapAttribute.IPSEC_NEGOTIATION_POLICY_REFERENCE,
          LdapAttribute.IPSEC_FILTER_REFERENCE,
          LdapAttribute.IPSEC_NEGOTIATION_POLICY_TYPE,
          LdapAttribute.IPSEC_NEGOTIATION_POLICY_ACTION);

  /// What `ipsec static` keeps beside policies.
  private static final List<String> LIBRARY = List.of("assigned", "filterLists", "filterActions");

  /// What a policy's reader says of a file that is a library.
  public static final Finding BEHIND =
      new Finding(
          Effect.NOTE,
          Code.UNREFERENCED,
          "",
          "the file",
          "filter lists and actions that it holds for themselves stay behind: rules bring theirs");

  private PolicyFile() {}

  /// @param findings keys that are not readable in the document
  public record Written(JsonObject document, List<Finding> findings) {
    public Written {
      findings = List.copyOf(findings);
    }
  }

  /// @param reveal writes keys readable
  public static Written write(Policies policies, Keys keys, boolean reveal) {
    var findings = new ArrayList<Finding>();
    var documents = new ArrayList<JsonValue>();
    for (IpsecPolicy policy : policies.policies()) {
      JsonObject json = IpsecJson.write(policy);
      var members = new LinkedHashMap<>(json.members());
      members.remove("v");
      Rewrite psk = method -> shown(method, keys, reveal, policy, findings);
      documents.add(rewritten(new JsonObject(members), psk));
    }
    var document = JsonBuilder.object().put("v", VERSION).put("policies", new JsonArray(documents));
    List<LdapEntry> originals = Originals.of(policies);
    if (!originals.isEmpty()) {
      document.put(
          "microsoft",
          JsonBuilder.array(
              originals, entry -> original(entry, reveal || !keys.isIn(data(entry)))));
    }
    return new Written(document.build(), findings);
  }

  private static JsonObject shown(
      JsonObject method, Keys keys, boolean reveal, IpsecPolicy policy, List<Finding> findings) {
    var in = JsonMembers.of("$", method);
    var sealed = new SealedSecret(in.string("sealed"));
    var psk = JsonBuilder.object().put("kind", "psk");
    if (!keys.has(sealed)) return psk.put("sealed", sealed.text()).build();
    if (reveal) {
      byte[] key = keys.open(sealed);
      try {
        return psk.put("key", new String(key, UTF_8)).build();
      } finally {
        Arrays.fill(key, (byte) 0);
      }
    }
    findings.add(
        new Finding(
            Effect.NOTE,
            Code.PRE_SHARED_KEY,
            policy.name().isBlank() ? policy.id() : policy.name(),
            "",
            "a pre-shared key is withheld; --reveal-secrets writes it"));
    return psk.put(WITHHELD, true).build();
  }

  private static JsonObject original(LdapEntry entry, boolean withData) {
    var attributes = JsonBuilder.object();
    for (LdapAttribute attribute : KEPT) {
      if (entry.has(attribute)) attributes.putStrings(attribute.ldapName(), entry.texts(attribute));
    }
    var json =
        JsonBuilder.object().put("dn", entry.dn().toString()).put("attributes", attributes.build());
    if (withData) json.put("data", Base64.getEncoder().encodeToString(data(entry)));
    return json.build();
  }

  private static byte[] data(LdapEntry entry) {
    return entry.firstBytes(LdapAttribute.IPSEC_DATA).orElse(new byte[0]);
  }

  /// @throws JsonException when it is no such document, or lacks a key
  public static Policies read(byte[] utf8, Keys keys) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", VERSION, VERSION);
    var policies = new ArrayList<IpsecPolicy>();
    JsonValue documents = in.get("policies");
    if (!(documents instanceof JsonArray(var items))) {
      throw in.error("policies", "found " + documents.kind() + ", expected an array");
    }
    for (int i = 0; i < items.size(); i++) {
      String path = "$.policies[" + i + "]";
      if (!(items.get(i) instanceof JsonObject document)) {
        throw new JsonException(path, "found " + items.get(i).kind() + ", expected an object");
      }
      var members = new LinkedHashMap<>(document.members());
      members.put("v", JsonValue.of(VERSION));
      Rewrite psk = method -> taken(path, method, keys);
      JsonValue whole = rewritten(new JsonObject(members), psk);
      policies.add(IpsecJson.readPolicy(JsonMembers.of(path, whole)));
    }
    List<LdapEntry> originals = in.objects("microsoft", PolicyFile::original);
    boolean more = false;
    for (String name : LIBRARY) {
      more |=
          in.find(name).filter(v -> v instanceof JsonArray(var all) && !all.isEmpty()).isPresent();
    }
    in.end();
    return new Policies(policies, originals, Optional.empty(), more ? List.of(BEHIND) : List.of());
  }

  private static JsonObject taken(String path, JsonObject method, Keys keys) {
    if (method.members().containsKey(WITHHELD)) {
      throw new JsonException(
          path,
          "holds a pre-shared key that was withheld: put \"key\":\"…\" in its place, or export"
              + " again with --reveal-secrets");
    }
    if (!(method.members().get("key") instanceof JsonString(var key))) return method;
    if (key.isEmpty()) throw new JsonException(path, "holds an empty pre-shared key");
    var members = new LinkedHashMap<>(method.members());
    members.remove("key");
    members.put("sealed", JsonValue.of(keys.seal(key.getBytes(UTF_8)).text()));
    return new JsonObject(members);
  }

  private static LdapEntry original(JsonMembers in) {
    LdapEntry.Builder entry = LdapEntry.named(in.parsed("dn", Dn::parse));
    JsonMembers attributes = in.object("attributes");
    for (LdapAttribute attribute : KEPT) {
      attributes.strings(attribute.ldapName()).forEach(value -> entry.add(attribute, value));
    }
    attributes.end();
    in.findParsed("data", Base64.getDecoder()::decode)
        .ifPresent(data -> entry.add(LdapAttribute.IPSEC_DATA, data));
    return entry.build();
  }

  private interface Rewrite {
    JsonObject of(JsonObject method);
  }

  /// The document with every pre-shared key of its rules replaced.
  private static JsonValue rewritten(JsonObject policy, Rewrite psk) {
    Map<String, JsonValue> members = new LinkedHashMap<>(policy.members());
    if (members.get("rules") instanceof JsonArray(var rules)) {
      members.put("rules", new JsonArray(rules.stream().map(rule -> rule(rule, psk)).toList()));
    }
    return new JsonObject(members);
  }

  private static JsonValue rule(JsonValue rule, Rewrite psk) {
    if (!(rule instanceof JsonObject(var was))) return rule;
    if (!(was.get("authentication") instanceof JsonArray(var methods))) return rule;
    var members = new LinkedHashMap<>(was);
    members.put(
        "authentication",
        new JsonArray(
            methods.stream()
                .map(method ->
                    method instanceof JsonObject json
                            && json.members().get("kind") instanceof JsonString(var kind)
                            && kind.equals("psk")
                        ? psk.of(json)
                        : method)
                .toList()));
    return new JsonObject(members);
  }
}
