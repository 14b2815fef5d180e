package dev.reeve.scenarios.verbs;

import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.model.ipsec.SealedSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `secret "KEY" nowhere readable`: no file of the lab (state of server and hosts, what their
/// agents and charons keep while they run, logs) holds the key as UTF-8, UTF-16, base64 or hex
///
/// The key as it is sealed must be found, in a file of the server and in one of a host: a search
/// that finds nothing proves nothing.
///
/// With `at HOST` the host sealed it itself, for a store of its own, and no server has it.
record SecretStep(String key, Optional<String> at) implements Step {

  static Step parse(Words words) throws StepException {
    String key = words.next("a key");
    words.literal("nowhere");
    words.literal("readable");
    Optional<String> at = words.maybe("at") ? Optional.of(words.host()) : Optional.empty();
    return new SecretStep(key, at);
  }

  @Override
  public void run(Stage stage) throws LabException {
    Path server = stage.lab().server().state();
    String sealed = at.isEmpty() ? SealedKeys.of(server).seal(key) : sealedAt(stage, at.get());
    Map<String, String> forms = forms(key);
    int looked = 0;
    boolean atServer = at.isPresent();
    boolean atHost = false;
    for (Path file : files(stage)) {
      looked++;
      String content = content(file);
      for (Map.Entry<String, String> form : forms.entrySet()) {
        if (content.contains(form.getValue()))
          throw new LabException("the key stands in " + file + " as " + form.getKey());
      }
      if (content.contains(sealed)) {
        atServer |= file.startsWith(server);
        atHost |= !file.startsWith(server);
      }
    }
    if (!atServer || !atHost)
      throw new LabException(
          "looked through "
              + looked
              + " files and did not find even the sealed key at "
              + (atServer ? "a host" : "the server"));
    stage.note("not in any of " + looked + " files; sealed, it is there");
  }

  private String sealedAt(Stage stage, String host) throws LabException {
    try {
      byte[] sealed =
          StateDirectory.open(stage.lab().host(host).state())
              .findStoreSeal()
              .orElseThrow(() -> new LabException(host + " has sealed nothing"))
              .seal(key.getBytes(StandardCharsets.UTF_8));
      return SealedSecret.ofBytes(sealed).text();
    } catch (IOException e) {
      throw new LabException("cannot read what " + host + " seals with", e);
    }
  }

  /// Each byte as one character, so that binary files can be searched too.
  private static String content(Path file) throws LabException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      if (!Files.exists(file)) return ""; // gone meanwhile
      throw new LabException("cannot read " + file, e);
    }
  }

  private static List<Path> files(Stage stage) throws LabException {
    var roots = new ArrayList<Path>();
    roots.add(stage.lab().directory());
    for (LabHost host : stage.lab().hosts()) roots.add(host.run());
    var files = new ArrayList<Path>();
    for (Path root : roots) {
      if (!Files.isDirectory(root)) continue;
      try (Stream<Path> walk = Files.walk(root)) {
        walk.filter(Files::isRegularFile).filter(f -> !files.contains(f)).forEach(files::add);
      } catch (IOException e) {
        throw new LabException("cannot look through " + root, e);
      }
    }
    return files;
  }

  private static Map<String, String> forms(String key) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    var forms = new LinkedHashMap<String, String>();
    forms.put("UTF-8", latin(utf8));
    forms.put("UTF-16", latin(key.getBytes(StandardCharsets.UTF_16LE)));
    forms.put("hex", HexFormat.of().formatHex(utf8));
    for (int before = 0; before < 3; before++) {
      // Whatever stands before and after it, these characters of base64 are its own.
      byte[] shifted = new byte[before + utf8.length];
      System.arraycopy(utf8, 0, shifted, before, utf8.length);
      String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      forms.put(
          "base64/" + before, text.substring(before == 0 ? 0 : before + 1, text.length() - 1));
    }
    return forms;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
