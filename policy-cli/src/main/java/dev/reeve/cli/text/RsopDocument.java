package dev.reeve.cli.text;

import dev.reeve.model.gp.Problem;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonString;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A resultant set of policy as it is shown, from a computation here or from the JSON that a server
/// or agent keeps. Tolerates members and reasons that are newer than this program.
///
/// @param containers nearest OU first, then the domain, then the site
/// @param links applied ones in precedence order, then the denied
/// @param persistent what is known of the persistent policy, in words; JSON does not carry it
public record RsopDocument(
    String computer,
    Optional<String> site,
    String siteFrom,
    List<String> containers,
    List<Link> links,
    Assignment assignment,
    Optional<String> persistent,
    List<Setting> settings,
    List<String> problems) {

  /// The members of the fixed form behind `computer`, in their order.
  static final List<String> MEMBERS =
      List.of(
          "site",
          "siteFrom",
          "containers",
          "links",
          "assignment",
          "assigned",
          "settings",
          "problems");

  public RsopDocument {
    containers = List.copyOf(containers);
    links = List.copyOf(links);
    settings = List.copyOf(settings);
    problems = List.copyOf(problems);
  }

  /// @param name empty when the GPO could not be read
  /// @param reason of a denial, as in [dev.reeve.model.rsop.Reason]; empty = applied
  /// @param because empty where the source does not say
  public record Link(
      String gpo,
      String gpoDn,
      Optional<String> name,
      String som,
      long linkOrder,
      boolean enforced,
      Optional<String> reason,
      Optional<Long> precedence,
      String because) {

    public boolean applied() {
      return reason.isEmpty();
    }

    /// What an administrator calls the GPO.
    public String shown() {
      return name.filter(n -> !n.isBlank()).orElse(gpo);
    }
  }

  public sealed interface Assignment {
    record Assigned(String gpo, String gpoDn, String policy, String name) implements Assignment {}

    enum Unassigned implements Assignment {
      UNASSIGNED
    }

    /// @param because empty where the source does not say
    record Unknown(String because) implements Assignment {}
  }

  public record Setting(String key, String value, String gpo) {}

  public static RsopDocument of(Rsop rsop) {
    RsopDocument plain = parse(RsopJson.write(rsop));
    return new RsopDocument(
        plain.computer,
        plain.site,
        plain.siteFrom,
        plain.containers,
        plain.links,
        rsop.assignment() instanceof PolicyResult.Unknown(var because)
            ? new Assignment.Unknown(because)
            : plain.assignment,
        persistent(rsop.persistent()),
        plain.settings,
        plain.problems);
  }

  private static Optional<String> persistent(PolicyResult result) {
    return switch (result) {
      case PolicyResult.Assigned(var gpo, var _, var policy) ->
          Optional.of("\"" + policy.name() + "\", by GPO \"" + gpo.name() + "\"");
      case PolicyResult.Unassigned _ -> Optional.empty();
      case PolicyResult.Unknown(var because) -> Optional.of("unknown: " + because);
    };
  }

  /// @throws dev.reeve.model.json.JsonException when the document is no RSoP
  public static RsopDocument parse(JsonValue json) {
    var in = JsonMembers.of("$", json);
    var settings = new ArrayList<Setting>();
    in.findObject("settings")
        .ifPresent(members ->
            members
                .rest()
                .forEach((key, value) -> {
                  var setting = JsonMembers.of("$.settings." + key, value);
                  settings.add(
                      new Setting(
                          key, JsonText.write(setting.get("value")), setting.string("gpo")));
                }));
    settings.sort(java.util.Comparator.comparing(Setting::key));
    return new RsopDocument(
        in.string("computer"),
        in.findString("site"),
        in.findString("siteFrom").orElse(""),
        in.strings("containers"),
        links(in),
        assignment(in),
        Optional.empty(),
        settings,
        in.objects("problems", RsopDocument::problem));
  }

  private static List<Link> links(JsonMembers in) {
    return in.objects(
        "links",
        link -> {
          boolean applied = link.string("verdict").equals("APPLIED");
          var read =
              new Link(
                  link.string("gpo"),
                  link.string("gpoDn"),
                  link.findString("name"),
                  link.string("som"),
                  link.number("linkOrder"),
                  link.bool("enforced"),
                  link.findString("reason")
                      .or(() -> applied ? Optional.empty() : Optional.of("UNKNOWN")),
                  link.findNumber("precedence"),
                  link.find("because").map(RsopDocument::text).orElse(""));
          var unused = link.rest(); // a newer server may say more
          return read;
        });
  }

  private static String text(JsonValue value) {
    return value instanceof JsonString(var text) ? text : JsonText.write(value);
  }

  private static Assignment assignment(JsonMembers in) {
    Optional<JsonMembers> assigned = in.findObject("assigned");
    return switch (in.string("assignment")) {
      case "ASSIGNED" -> {
        JsonMembers by =
            assigned.orElseThrow(() -> in.error("assigned", "missing although ASSIGNED"));
        yield new Assignment.Assigned(
            by.string("gpo"), by.string("gpoDn"), by.string("policy"), by.string("name"));
      }
      case "UNASSIGNED" -> Assignment.Unassigned.UNASSIGNED;
      default -> new Assignment.Unknown("");
    };
  }

  private static String problem(JsonMembers in) {
    String text = text(in.string("dn"), in.string("attribute"), in.string("detail"));
    String code = in.string("code");
    var unused = in.rest();
    return text + " [" + code + "]";
  }

  /// A problem in words: entry, attribute, what is wrong.
  public static String text(Problem problem) {
    return text(problem.dn(), problem.attribute(), problem.detail()) + " [" + problem.code() + "]";
  }

  private static String text(String dn, String attribute, String detail) {
    return (dn.isBlank() ? "" : dn + ": ") + (attribute.isEmpty() ? "" : attribute + ": ") + detail;
  }
}
