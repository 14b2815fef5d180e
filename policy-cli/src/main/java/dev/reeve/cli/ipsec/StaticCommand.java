package dev.reeve.cli.ipsec;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.ipsec.library.LibraryException;
import dev.reeve.cli.ipsec.netsh.ScriptLine;
import dev.reeve.schema.exchange.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `reeve ipsec static`: the policies in a host's own stores, in the words of `netsh ipsec static`.
@Command(
    name = "static",
    sortOptions = false,
    customSynopsis = {
      "reeve ipsec static add|set|delete|show WHAT [NAME=VALUE...] [OPTION...]",
      "       reeve ipsec static exec FILE | exportpolicy | importpolicy | restorepolicyexamples"
    },
    description = {
      "Policies, their rules, filter lists and filter actions in this host's local or persistent"
          + " store, or in a file. One policy of a store may be assigned: the agent takes it up"
          + " within seconds. In the words of 'netsh ipsec static'.",
      ""
    },
    footer = {
      "",
      "Every one has its own help: reeve ipsec static add --help",
      "",
      "A web server that answers on port 80 secured or not at all:",
      "  reeve ipsec static add policy name=\"Web Server Security\"",
      "  reeve ipsec static add filter filterlist=\"Port 80\" srcaddr=any dstaddr=me \\",
      "      protocol=TCP dstport=80",
      "  reeve ipsec static add filteraction name=Secure action=negotiate inpass=yes \\",
      "      qmsecmethods=\"AH[SHA256]:100000k/3600s\"",
      "  reeve ipsec static add rule name=Web policy=\"Web Server Security\" \\",
      "      filterlist=\"Port 80\" filteraction=Secure kerberos=yes",
      "  reeve ipsec static set policy name=\"Web Server Security\" assign=yes"
    })
public final class StaticCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private StaticCommand() {}

  public static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new StaticCommand())
        .addSubcommand(new Add(terminal))
        .addSubcommand(new Set(terminal))
        .addSubcommand(new Delete(terminal))
        .addSubcommand(new Show(terminal))
        .addSubcommand(new Exec(terminal))
        .addSubcommand(new ExportPolicy(terminal))
        .addSubcommand(new ImportPolicy(terminal))
        .addSubcommand(new RestoreExamples(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "static needs a sub-command: add, set, delete, show, exec, exportpolicy, importpolicy or"
            + " restorepolicyexamples");
  }

  /// What all have in common: a verb and the words behind it.
  abstract static class Verb implements Callable<Integer> {

    @Parameters(paramLabel = "WORDS", arity = "0..*", description = "See above.")
    private List<String> words = List.of();

    @Mixin private StaticOptions options = new StaticOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    Verb(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException {
      var keys = new Keys();
      try {
        run(keys);
        return ExitCode.DONE;
      } catch (LibraryException e) {
        throw StaticRun.failed(String.valueOf(e.getMessage()));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
      } finally {
        keys.forget();
      }
    }

    void run(Keys keys) throws CommandException, LibraryException {
      var line = new ArrayList<>(List.of(spec.name()));
      line.addAll(words);
      try (var run = new StaticRun(options, terminal, keys, false)) {
        run.command(line);
        run.finish();
      }
    }

    List<String> words() {
      return words;
    }

    StaticRun script(Keys keys) {
      return new StaticRun(options, terminal, keys, true);
    }
  }

  /// `reeve ipsec static add policy|rule|filterlist|filter|filteraction`.
  @Command(
      name = "add",
      sortOptions = false,
      customSynopsis = {"reeve ipsec static add WHAT NAME=VALUE... [OPTION...]"},
      description = {
        "Adds to the store. Names may be shortened, and left out where values come in this order:",
        "",
        "add policy name= [description=] [mmpfs=yes|no] [qmpermm=N] [mmlifetime=MINUTES]",
        "    [activatedefaultrule=yes|no] [pollinginterval=MINUTES] [assign=yes|no]",
        "    [mmsecmethods=\"CIPHER-HASH-GROUP ...\"]",
        "add filterlist name= [description=]",
        "add filter filterlist= srcaddr= dstaddr= [description=] [protocol=]",
        "    [mirrored=yes|no] [srcmask=] [dstmask=] [srcport=] [dstport=]",
        "add filteraction name= [description=] [qmpfs=yes|no] [inpass=yes|no]",
        "    [soft=yes|no] [action=permit|block|negotiate]",
        "    [qmsecmethods=\"ESP[CIPHER,HASH]:KBk/SECONDSs ...\"]",
        "add rule name= policy= filterlist= filteraction= [tunnel=] [conntype=lan|dialup|all]",
        "    [activate=yes|no] [description=] [kerberos=yes|no] [psk=KEY]",
        "    [rootca=\"NAME certmap:yes|no excludecaname:yes|no\"]...",
        "",
        "CIPHER: 3DES, DES, AES (128), AES192, AES256, AES128GCM, AES256GCM,",
        "  CHACHA20POLY1305, None. HASH: MD5, SHA1, SHA256, SHA384, SHA512, None.",
        "  GROUP: 1, 2, 3 (2048 bits), 14, 15, 16, ECP256, ECP384, ECP521,",
        "  CURVE25519. Weak ones need the host setting 'legacy'. What is not said is",
        "  strong, not what Windows 2003 had.",
        "Addresses: me, any, address, address/bits, a-b, DNS name, dns, wins, dhcp,",
        "  gateway. Ports: 0 for any, a number, a-b.",
        "soft=yes falls back to clear with peers that do not answer; inpass=yes lets a",
        "  first packet come in clear. Neither: no clear packet either way.",
        "A pre-shared key is sealed to this host; only exports with --reveal-secrets show",
        "  it. Who types it on a command line shows it to whoever lists processes: use",
        "  'exec'.",
        "rootca= names a CA that issued a certificate to this host (/etc/reeve/certificates);",
        "  kerberos=yes is the certificate of the domain that this host joined.",
        ""
      })
  static final class Add extends Verb {
    Add(Terminal terminal) {
      super(terminal);
    }
  }

  /// `reeve ipsec static set policy|rule|filterlist|filteraction|defaultrule|store`.
  @Command(
      name = "set",
      sortOptions = false,
      customSynopsis = {"reeve ipsec static set WHAT NAME=VALUE... [OPTION...]"},
      description = {
        "Changes what is there; what is not named stays. A filter list or action changes in every"
            + " rule that has it.",
        "",
        "set policy name=|guid= [newname=] [description=] [mmpfs=] [qmpermm=] [mmlifetime=]",
        "    [activatedefaultrule=] [pollinginterval=] [assign=yes|no] [mmsecmethods=]",
        "set rule name=|id= policy= [newname=] [description=] [filterlist=]",
        "    [filteraction=] [tunnel=] [conntype=] [activate=] [kerberos=] [psk=]",
        "    [rootca=]...   (authentication is replaced as a whole)",
        "set filterlist name=|guid= [newname=] [description=]",
        "set filteraction name= [newname=] [description=] [qmpfs=] [inpass=] [soft=]",
        "    [action=] [qmsecmethods=]",
        "set defaultrule policy= [qmpfs=] [activate=] [qmsecmethods=] [kerberos=] [psk=]",
        "    [rootca=]...",
        "set store location=local|persistent",
        "    which store the commands after it are for, until the next 'set store';",
        "    'exec' begins anew with that one. Others: --file, and for the directory",
        "    'reeve ipsec export' and 'import'.",
        ""
      })
  static final class Set extends Verb {
    Set(Terminal terminal) {
      super(terminal);
    }
  }

  /// `reeve ipsec static delete policy|rule|filterlist|filter|filteraction|all`.
  @Command(
      name = "delete",
      sortOptions = false,
      customSynopsis = {"reeve ipsec static delete WHAT [NAME=VALUE...] [OPTION...]"},
      description = {
        "Deletes. What a rule uses, and a policy that is assigned, stays until it is not.",
        "",
        "delete policy | filterlist | filteraction name=NAME|all",
        "delete rule name=NAME|all | id=  policy=",
        "delete filter filterlist= srcaddr= dstaddr= [protocol=] [srcmask=] [dstmask=]",
        "    [srcport=] [dstport=] [mirrored=]   (exactly as it was added)",
        "delete all: everything in the store; nothing of it is in force any more",
        ""
      })
  static final class Delete extends Verb {
    Delete(Terminal terminal) {
      super(terminal);
    }
  }

  /// `reeve ipsec static show WHAT`.
  @Command(
      name = "show",
      sortOptions = false,
      customSynopsis = {"reeve ipsec static show [WHAT] [NAME=VALUE...] [OPTION...]"},
      description = {
        "Shows what is in the store, in force or not.",
        "",
        "show all [level=verbose|normal]",
        "show policy [name=NAME|all] [level=]",
        "show rule [name=NAME|all|default] policy= [type=transport|tunnel]",
        "show filterlist [name=NAME|all] [rule=NAME] [level=]",
        "show filteraction [name=NAME|all] [rule=NAME] [level=]",
        "show store",
        ""
      },
      footer = {"", "What is in force, and why: reeve gpresult, reeve ipsec dynamic show."})
  static final class Show extends Verb {
    Show(Terminal terminal) {
      super(terminal);
    }
  }

  /// `reeve ipsec static exportpolicy file=`.
  @Command(
      name = "exportpolicy",
      sortOptions = false,
      customSynopsis = {"reeve ipsec static exportpolicy file=FILE [OPTION...]"},
      description = {
        "Writes the whole store to a file that 'importpolicy' and 'reeve ipsec import' read; '.ipsec'"
            + " is added to a name without an ending. Pre-shared keys are withheld unless you give"
            + " --reveal-secrets.",
        ""
      })
  static final class ExportPolicy extends Verb {
    ExportPolicy(Terminal terminal) {
      super(terminal);
    }
  }

  /// `reeve ipsec static importpolicy file=`.
  @Command(
      name = "importpolicy",
      sortOptions = false,
      customSynopsis = {"reeve ipsec static importpolicy file=FILE [OPTION...]"},
      description = {
        "Brings the policies of a file, or of LDIF with Microsoft's objects or ours, into the store."
            + " A policy replaces the one with its id; none is assigned by it.",
        ""
      })
  static final class ImportPolicy extends Verb {
    ImportPolicy(Terminal terminal) {
      super(terminal);
    }
  }

  /// `reeve ipsec static restorepolicyexamples release=`.
  @Command(
      name = "restorepolicyexamples",
      sortOptions = false,
      customSynopsis = {
        "reeve ipsec static restorepolicyexamples release=modern|win2k|win2003 [OPTION...]"
      },
      description = {
        "Brings the three policies that a Windows domain begins with: with the algorithms of today,"
            + " or Microsoft's own, which need the host setting 'legacy'.",
        ""
      })
  static final class RestoreExamples extends Verb {
    RestoreExamples(Terminal terminal) {
      super(terminal);
    }
  }

  /// `reeve ipsec static exec FILE`.
  @Command(
      name = "exec",
      sortOptions = false,
      customSynopsis = {"reeve ipsec static exec FILE [OPTION...]"},
      description = {
        "Carries out the commands of a file, or of standard input for '-', one a line, all of them or"
            + " none. Lines may begin with 'netsh ipsec static'; '#' begins a remark.",
        ""
      })
  static final class Exec extends Verb {
    Exec(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(Keys keys) throws CommandException, LibraryException {
      if (words().size() != 1) throw new IllegalArgumentException("exec needs one file, or -");
      String file = words().getFirst();
      List<String> lines = read(file).lines().toList();
      try (var run = script(keys)) {
        for (int i = 0; i < lines.size(); i++) {
          try {
            List<String> command = ScriptLine.words(lines.get(i));
            if (!command.isEmpty()) run.command(command);
          } catch (LibraryException | IllegalArgumentException e) {
            throw StaticRun.failed(
                file + ", line " + (i + 1) + ": " + e.getMessage() + "; nothing was changed");
          }
        }
        run.finish();
      }
    }

    private static String read(String file) throws CommandException {
      try {
        byte[] content =
            file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        return new String(content, StandardCharsets.UTF_8);
      } catch (NoSuchFileException e) {
        throw StaticRun.failed(file + ": no such file");
      } catch (IOException e) {
        throw StaticRun.failed(file + ": " + e.getMessage());
      }
    }
  }
}
