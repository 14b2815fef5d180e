package dev.reeve.cli.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// An nft for one agent alone that loads all it is told to, and makes Reeve's table dormant: it is
/// there and judges no packet. The flag is left out of what it lists, or the agent would repair it.
/// The product has no such switch; what holds without the gate has to be seen all the same, or
/// nobody knows what the gate is good for.
final class NoGate {

  private static final Path NFT = Path.of("/usr/sbin/nft");

  private static final String SCRIPT =
      """
      #!/bin/sh
      case " $* " in *' list '*)
        listed=$(%1$s "$@") || exit
        echo "$listed" | sed 's/, "flags": "[^"]*"}/}/'
        exit ;;
      esac
      %1$s "$@"
      status=$?
      case " $* " in *' -f '*) %1$s 'add table inet reeve { flags dormant; }' 2>/dev/null ;; esac
      exit "$status"
      """;

  private NoGate() {}

  /// The command that runs `command` with that nft in the place of this machine's, in a mount
  /// namespace that `ip netns exec` has made.
  ///
  /// @param directory of the host's own
  static List<String> behind(Path directory, List<String> command) throws LabException {
    Path real = directory.resolve("nft.real");
    Path dormant = directory.resolve("nft.dormant");
    try {
      if (!Files.exists(real)) Files.copy(NFT, real);
      Files.writeString(dormant, SCRIPT.formatted(real));
      for (Path file : List.of(real, dormant)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    } catch (IOException e) {
      throw new LabException("cannot write " + dormant, e);
    }
    var words =
        new ArrayList<>(List.of("sh", "-c", "mount --bind \"$0\" " + NFT + " && exec \"$@\""));
    words.add(dormant.toString());
    words.addAll(command);
    return words;
  }
}
