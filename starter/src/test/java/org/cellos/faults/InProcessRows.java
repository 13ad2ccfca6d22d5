package org.cellos.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** Rows that need no process: the worker's unit tests perform them, earlier in the same build. */
final class InProcessRows {
  private static final Path REPORTS = Path.of("..", "worker", "target", "surefire-reports");
  private static final Pattern SEEDS = Pattern.compile("seeds (\\d+ to \\d+)");

  private static final Map<String, String> TESTS = new LinkedHashMap<>();

  static {
    TESTS.put("org.cellos.activity.EffectSimulationTest", "1-9 ledger and rules simulated");
    TESTS.put("org.cellos.store.ClockJumpsTest", "23 clock jumps at every look");
    TESTS.put("org.cellos.domain.ControlSimulationTest", "30 reducer simulated");
    TESTS.put("org.cellos.worker.ControlPairsTest", "30-31 all pairs of controls, clicked twice");
    TESTS.put("org.cellos.worker.ControlsTest", "30 controls across crash and continue-as-new");
    TESTS.put("org.cellos.workflow.ReplayCorpusTest", "33 histories of before replay");
  }

  private InProcessRows() {}

  /**
   * @param since when this build has begun: reports of former ones say nothing of it
   * @return lines of the report
   */
  static List<String> lines(Instant since) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, String> test : TESTS.entrySet()) {
      Path report = REPORTS.resolve("TEST-" + test.getKey() + ".xml");
      if (Files.exists(report) && Files.getLastModifiedTime(report).toInstant().isAfter(since)) {
        lines.add(line(test.getValue(), suite(report)));
      }
    }
    return lines;
  }

  private static String line(String row, Element suite) {
    int wrong = number(suite, "errors") + number(suite, "failures");
    Matcher seeds = SEEDS.matcher(suite.getTextContent());
    return "| %s | in-process | %s | %s, %d cases |  |  | %s |%n"
        .formatted(
            row,
            seeds.find() ? seeds.group(1) : "",
            wrong == 0 ? "ok" : "FAILED " + wrong,
            number(suite, "tests") - number(suite, "skipped"),
            suite.getAttribute("time"));
  }

  private static int number(Element suite, String name) {
    return Integer.parseInt(suite.getAttribute(name));
  }

  private static Element suite(Path report) throws IOException {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(report.toFile())
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(report + " cannot be read", e);
    }
  }
}
