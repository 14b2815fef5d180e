package dev.reeve.cli.ipsec;

import dev.reeve.agent.control.ControlClient;
import dev.reeve.agent.control.ControlException;
import dev.reeve.agent.dynamic.DynamicChange;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.host.RunOption;
import dev.reeve.cli.text.SightDocument;
import dev.reeve.cli.text.SightText;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `reeve ipsec dynamic`: what this host's IPsec does now, and changes to it that act at once and
/// end with the agent's process. In the words of `netsh ipsec dynamic`.
@Command(
    name = "dynamic",
    sortOptions = false,
    customSynopsis = {"reeve ipsec dynamic show|add|set|delete WHAT [NAME=VALUE...]"},
    description = {
      "What this host's IPsec does now, and changes to it that act at once: they are added to the"
          + " policy in force, the most specific filter wins, the repair of drift leaves them, and"
          + " they end with the agent's process. In the words of 'netsh ipsec dynamic'.",
      ""
    },
    footer = {"", "Every one has its own help: reeve ipsec dynamic add --help"})
public final class DynamicCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private DynamicCommand() {}

  public static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new DynamicCommand())
        .addSubcommand(new Show(terminal))
        .addSubcommand(new Add(terminal))
        .addSubcommand(new Set(terminal))
        .addSubcommand(new Delete(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "dynamic needs a sub-command: show, add, set or delete");
  }

  /// `reeve ipsec dynamic show WHAT`.
  @Command(
      name = "show",
      sortOptions = false,
      customSynopsis = {"reeve ipsec dynamic show WHAT [OPTION...]"},
      description = {
        "Shows what is in force on this host and what happens now, live from the agent, from charon"
            + " and from the kernel.",
        "",
        "WHAT is one of:",
        "  all           everything below",
        "  activepolicy  name, store, GPO, container, last change and age of each policy",
        "  mmsas         main-mode associations: who is who, and with which algorithms",
        "  qmsas         quick-mode associations: SPIs, traffic, packets, bytes",
        "  mmpolicy      how main mode is negotiated",
        "  qmpolicy      how traffic may be secured",
        "  mmfilter      between whom something is negotiated",
        "  qmfilter      every filter, the most specific first, and what it does",
        "  rule          every rule, and how it stands",
        "  config        host settings, and traffic that is exempt whatever the policy says",
        "  stats         packets dropped and left in clear by each rule, peers that could not be"
            + " agreed with and why, counters of charon and the kernel",
        ""
      },
      footer = {
        "",
        "Root and the group of the agent's socket may ask.",
        "",
        "Examples:",
        "  reeve ipsec dynamic show activepolicy",
        "  reeve ipsec dynamic show qmsas --output json",
        "  reeve ipsec dynamic show stats"
      })
  static final class Show implements Callable<Integer> {

    @Parameters(paramLabel = "WHAT", arity = "0..*", description = "What to show (all).")
    private List<String> words = List.of();

    @Option(names = "--output", paramLabel = "FORM", description = "text (default) or json.")
    private Output output = Output.TEXT;

    @Mixin private RunOption run = new RunOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    Show(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException {
      String what = words.isEmpty() ? "all" : words.getFirst().toLowerCase(Locale.ROOT);
      boolean all = words.size() < 2 || words.size() == 2 && words.get(1).equals("all");
      if (!SightText.PARTS.contains(what) || !all) {
        throw new ParameterException(
            spec.commandLine(),
            "show: found '"
                + String.join(" ", words)
                + "', expected one of "
                + String.join(", ", SightText.PARTS));
      }
      try {
        JsonObject sight = run.client().sight();
        switch (output) {
          case JSON -> terminal.out().println(JsonText.write(SightDocument.part(what, sight)));
          case TEXT -> terminal.print(SightText.lines(what, sight));
        }
        return ExitCode.DONE;
      } catch (ControlException e) {
        throw RunOption.failure(e);
      } catch (JsonException e) {
        throw new CommandException(
            ExitCode.FAILED, "the agent's answer makes no sense: " + e.getMessage());
      }
    }
  }

  /// What the three that change something have in common.
  abstract static class Changing implements Callable<Integer> {

    @Parameters(paramLabel = "WHAT NAME=VALUE", arity = "0..*", description = "See above.")
    private List<String> words = List.of();

    @Option(
        names = "--output",
        paramLabel = "FORM",
        description = "What was done: text (default) or json.")
    private Output output = Output.TEXT;

    @Mixin private RunOption run = new RunOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    Changing(Terminal terminal) {
      this.terminal = terminal;
    }

    abstract JsonObject ask(DynamicWords words, ControlClient client, Supplier before)
        throws ControlException;

    /// What is there already.
    interface Supplier {
      JsonObject get() throws ControlException;
    }

    @Override
    public Integer call() throws CommandException {
      if (words.isEmpty()) {
        throw new ParameterException(spec.commandLine(), spec.name() + " what?");
      }
      ControlClient client = run.client();
      try {
        String kind = words.getFirst().toLowerCase(Locale.ROOT);
        var rest = new DynamicWords(spec.name(), kind, words.subList(1, words.size()));
        JsonObject answer = ask(rest, client, client::sight);
        switch (output) {
          case JSON -> terminal.out().println(JsonText.write(answer));
          case TEXT -> terminal.print(lines(answer));
        }
        return ExitCode.DONE;
      } catch (ControlException e) {
        throw RunOption.failure(e);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
      }
    }

    private static List<String> lines(JsonObject answer) {
      JsonMembers in = JsonMembers.of("$", answer);
      Optional<Long> ended = in.findNumber("ended");
      if (ended.isPresent()) {
        return List.of(
            ended.get() == 1
                ? "Ended 1 main-mode association."
                : "Ended " + ended.get() + " main-mode associations.");
      }
      List<String> steps = in.strings("steps");
      return List.of(
          steps.isEmpty()
              ? "Done; the kernel holds what it held."
              : "Done: " + String.join("; ", steps) + ".");
    }
  }

  /// `reeve ipsec dynamic add mmpolicy|qmpolicy|rule`.
  @Command(
      name = "add",
      sortOptions = false,
      customSynopsis = {"reeve ipsec dynamic add mmpolicy|qmpolicy|rule NAME=VALUE..."},
      description = {
        "Adds to the policy in force, at once. Names may be shortened, and left out where values"
            + " come in this order:",
        "",
        "add mmpolicy name= [qmpermm=N] [mmlifetime=MINUTES]",
        "    [mmsecmethods=\"CIPHER-HASH-GROUP ...\"]",
        "add qmpolicy name= [soft=yes|no] [pfsgroup=GRPn|GRPMM|NOPFS]",
        "    [qmsecmethods=\"ESP[CIPHER,HASH]:KBk/SECONDSs ...\"]",
        "add rule srcaddr= dstaddr= [mmpolicy=] [qmpolicy=] [protocol=] [srcport=]",
        "    [dstport=] [mirrored=yes|no] [conntype=lan|dialup|all]",
        "    [actioninbound=permit|block|negotiate] [actionoutbound=...]",
        "    [srcmask=] [dstmask=] [tunneldstaddress=] [kerberos=yes|no]",
        "    [rootca=\"NAME certmap:yes|no excludecaname:yes|no\"]...",
        "",
        "CIPHER: 3DES, DES, AES128, AES192, AES256, AES128GCM, AES256GCM,",
        "  CHACHA20POLY1305, None. HASH: MD5, SHA1, SHA256, SHA384, SHA512, None.",
        "  GROUP: 1, 2, 3 (2048 bits), 14, 15, 16, ECP256, ECP384, ECP521,",
        "  CURVE25519. Weak ones need the host setting 'legacy'.",
        "Addresses: me, any, address, address/bits, a-b, DNS name, dns, wins, dhcp,",
        "  gateway.",
        "Without actions a rule negotiates when it names policies, and blocks",
        "otherwise. kerberos=yes, this host's own certificate, is used when nothing is",
        "said of authentication.",
        ""
      },
      footer = {
        "",
        "Only root may.",
        "",
        "Examples:",
        "  reeve ipsec dynamic add rule srcaddr=any dstaddr=me protocol=tcp dstport=23 \\",
        "      actioninbound=block actionoutbound=block",
        "  reeve ipsec dynamic add mmpolicy name=strong mmsecmethods=AES256GCM-SHA384-ECP384",
        "  reeve ipsec dynamic add qmpolicy name=esp qmsecmethods=ESP[AES256GCM]:100000k/3600s",
        "  reeve ipsec dynamic add rule srcaddr=me dstaddr=10.1.2.0/24 mmpolicy=strong qmpolicy=esp"
      })
  static final class Add extends Changing {
    Add(Terminal terminal) {
      super(terminal);
    }

    @Override
    JsonObject ask(DynamicWords words, ControlClient client, Supplier before)
        throws ControlException {
      DynamicChange change = words.add();
      return client.change(change.toJson());
    }
  }

  /// `reeve ipsec dynamic set mmpolicy|qmpolicy|rule|config`.
  @Command(
      name = "set",
      sortOptions = false,
      customSynopsis = {"reeve ipsec dynamic set mmpolicy|qmpolicy|rule|config NAME=VALUE..."},
      description = {
        "Changes what 'add' added, or a setting of this host; what is not named stays. A rule is"
            + " found by its addresses, protocol, ports, mirrored and conntype.",
        "",
        "set mmpolicy | qmpolicy | rule: as 'add' has them",
        "set config property=NAME value=VALUE, or NAME value=VALUE:",
        "    ipsecdiagnostics 0..7, ikelogging 0..1, strongcrlcheck 0..2,",
        "    ipsecloginterval 60..86400, ipsecexempt 0..3,",
        "    bootmode stateful|block|permit,",
        "    bootexemptions none or \"TCP:0:22:inbound ...\"",
        "",
        "A setting holds until the agent ends or a later 'set config'; for good it is set in a GPO.",
        ""
      },
      footer = {
        "",
        "Only root may.",
        "",
        "Examples:",
        "  reeve ipsec dynamic set config property=ipsecexempt value=0",
        "  reeve ipsec dynamic set config ipsecexempt value=0",
        "  reeve ipsec dynamic set mmpolicy name=strong mmlifetime=60"
      })
  static final class Set extends Changing {
    Set(Terminal terminal) {
      super(terminal);
    }

    @Override
    JsonObject ask(DynamicWords words, ControlClient client, Supplier before)
        throws ControlException {
      if (words.isConfig()) return client.change(words.configure().toJson());
      JsonMembers dynamic = JsonMembers.of("$", before.get()).object("dynamic");
      return client.change(words.set(dynamic).toJson());
    }
  }

  /// `reeve ipsec dynamic delete mmpolicy|qmpolicy|rule|all|sa`.
  @Command(
      name = "delete",
      sortOptions = false,
      customSynopsis = {"reeve ipsec dynamic delete mmpolicy|qmpolicy|rule|all|sa [NAME=VALUE...]"},
      description = {
        "Takes back what 'add' and 'set' did, at once, or ends associations.",
        "",
        "delete mmpolicy | qmpolicy name=NAME|all",
        "delete rule: found by srcaddr, dstaddr, protocol, srcport, dstport, mirrored,",
        "    conntype, srcmask, dstmask, tunneldstaddress, as in 'add'",
        "delete all: every dynamic policy, rule and setting; the policies of domain and",
        "    stores stay",
        "delete sa [peer=ADDRESS]: main-mode associations with all that hangs from them;",
        "    what still wants them negotiates anew",
        ""
      },
      footer = {
        "",
        "Only root may.",
        "",
        "Examples:",
        "  reeve ipsec dynamic delete rule srcaddr=any dstaddr=me protocol=tcp dstport=23",
        "  reeve ipsec dynamic delete sa peer=10.1.2.3"
      })
  static final class Delete extends Changing {
    Delete(Terminal terminal) {
      super(terminal);
    }

    @Override
    JsonObject ask(DynamicWords words, ControlClient client, Supplier before)
        throws ControlException {
      if (words.isAssociations()) {
        Optional<IpAddress> peer = words.peer();
        return client.endAssociations(peer.map(IpAddress::toString));
      }
      return client.change(words.delete().toJson());
    }
  }
}
