import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Sums the JUnit XML reports of every module. Run by ./check: `java build/Reports.java ROOT`.
///
/// Prints one line per skipped and failed test, tab-separated: `skipped CLASS.TEST REASON`; last
/// `total TESTS FAILED SKIPPED`. A report that cannot be read counts as one failed test.
class Reports {

  private final TreeSet<String> lines = new TreeSet<>();
  private int tests;
  private int failed;
  private int skipped;

  public static void main(String[] args) throws IOException {
    var reports = new Reports();
    Path root = Path.of(args[0]);
    var wanted =
        FileSystems.getDefault()
            .getPathMatcher("glob:**/target/{surefire,failsafe}-reports/TEST-*.xml");
    try (Stream<Path> files = Files.walk(root, 4)) {
      for (Path file : files.filter(wanted::matches).sorted().toList()) reports.add(file);
    }
    reports.lines.forEach(System.out::println);
    System.out.println(
        "total\t" + reports.tests + "\t" + reports.failed + "\t" + reports.skipped);
  }

  private void add(Path file) {
    Element suite;
    try {
      suite =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement();
    } catch (Exception e) {
      tests++;
      failed++;
      lines.add("failed\t" + file.getFileName() + "\treport cannot be read: " + plain(e.getMessage()));
      return;
    }
    for (Node at = suite.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element testcase && testcase.getTagName().equals("testcase")) count(testcase);
    }
  }

  private void count(Element testcase) {
    tests++;
    for (Node at = testcase.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (!(at instanceof Element outcome)) continue;
      switch (outcome.getTagName()) {
        case "skipped" -> {
          skipped++;
          lines.add("skipped\t" + name(testcase) + "\t" + reason(outcome));
          return;
        }
        case "failure", "error" -> {
          failed++;
          lines.add("failed\t" + name(testcase) + "\t" + reason(outcome));
          return;
        }
        default -> {}
      }
    }
  }

  private static String name(Element testcase) {
    String of = testcase.getAttribute("classname");
    String test = testcase.getAttribute("name");
    String simple = of.substring(of.lastIndexOf('.') + 1);
    return plain(test.isEmpty() || test.equals(of) ? simple : simple + "." + test);
  }

  private static String reason(Element outcome) {
    String message = outcome.getAttribute("message");
    if (message.isBlank()) message = outcome.getTextContent();
    if (message.isBlank()) message = outcome.getAttribute("type");
    return message.isBlank() ? "no reason given" : plain(message);
  }

  private static String plain(String text) {
    String line = String.valueOf(text).strip().replaceAll("\\s+", " ");
    return line.length() > 160 ? line.substring(0, 157) + "..." : line;
  }
}
