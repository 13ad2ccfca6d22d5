package org.cellos.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.worker.WorkflowExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's Java examples, word for word: each is compiled, run and compared with the README.
 */
class UsageExamplesTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path THIS =
      Path.of("src/test/java/org/cellos/documentation/UsageExamplesTest.java");

  @TempDir Path folder;
  private final List<String> printed = new ArrayList<>();

  @Test
  void basicExecution() {
    Path database = folder.resolve("executions.db");
    // example: basic
    ResolvedProtocol passage =
        new ProtocolResolver(ProtocolData.load(Optional.empty()))
            .resolve("passage", "iPSC", "T75", Profile.ORIGINAL);

    try (WorkflowExecutor executor = WorkflowExecutor.open(database)) {
      ExecutionRecord created =
          executor.createExecutionFromProtocol(
              "Weekly passage", "iPSC", "flask_t75", "passage", passage.unitOps(), Map.of());
      ExecutionRecord finished = executor.execute(created.executionId(), true); // a dry run
      println(finished.status() + ", " + finished.completedStepCount() + " steps");
    }
    // end

    assertThat(printed).containsExactly("completed, 13 steps");
  }

  @Test
  void customImagingHandler() {
    try (WorkflowExecutor executor = open()) {
      // example: imaging
      executor.registerHandler(
          "image",
          step -> {
            String channel = step.parameters().text("channel");
            return Map.of("status", "success", "channel", channel, "images", 12);
          });

      ExecutionRecord created =
          executor.createExecutionFromProtocol(
              "Confluence check",
              "iPSC",
              "flask_t75",
              "image",
              List.of(UnitOp.of("image", "Image the flask", Map.of("channel", "phase"))),
              Map.of());
      executor.execute(created.executionId(), false);
      StepRecord step = executor.steps(created.executionId()).get(0);
      println(step.result().values().get("images"));
      // end
    }

    assertThat(printed).containsExactly("12");
  }

  @Test
  void queryingHistory() {
    try (WorkflowExecutor executor = open()) {
      String executionId = executor.execute(create(executor, List.of(swirl())), true).executionId();
      // example: history
      for (ExecutionRecord record : executor.listExecutions(ExecutionStatus.COMPLETED)) {
        println(record.workflowName() + " " + record.status());
      }
      ExecutionRecord one = executor.getExecutionStatus(executionId).orElseThrow();
      for (StepRecord step : executor.steps(one.executionId())) {
        println(step.stepIndex() + " " + step.name() + ": " + step.status());
      }
      // end
    }

    assertThat(printed).containsExactly("test completed", "0 Swirl: completed");
  }

  @Test
  void errorHandling() {
    try (WorkflowExecutor executor = open()) {
      String executionId =
          create(executor, List.of(UnitOp.of("image", "Image", Map.of()), swirl()));
      // example: errors
      executor.registerHandler(
          "image",
          step -> {
            throw new IllegalStateException("The lamp is broken");
          });

      ExecutionRecord finished = executor.execute(executionId, false); // does not throw
      if (finished.status() == ExecutionStatus.FAILED) {
        println(finished.errorMessage());
        for (StepRecord step : executor.steps(executionId)) {
          println(step.name() + ": " + step.status());
        }
      }
      // end

      assertThat(executor.steps(executionId).get(1).status()).isEqualTo(StepStatus.SKIPPED);
    }

    assertThat(printed).containsExactly("The lamp is broken", "Image: failed", "Swirl: skipped");
  }

  @Test
  void metadata() {
    List<UnitOp> unitOps = List.of(swirl());
    try (WorkflowExecutor executor = open()) {
      // example: metadata
      ExecutionRecord created =
          executor.createExecutionFromProtocol(
              "Daily feed",
              "iPSC",
              "flask_t75",
              "feed",
              unitOps,
              Map.of("researcher", "ada", "project", "organoids", "batch", 7));
      println(created.metadata().text("researcher"));
      // end
    }

    assertThat(printed).containsExactly("ada");
  }

  @Test
  void theReadmeShowsTheseExamples() throws IOException {
    String readme = Files.readString(README);
    List<String> names = List.of("basic", "imaging", "history", "errors", "metadata");

    for (String name : names) {
      assertThat(readme).as("example %s", name).contains("```java\n" + example(name) + "```");
    }
  }

  /** The lines between the marks, without their indentation, printing as a reader would. */
  private static String example(String name) throws IOException {
    String source = Files.readString(THIS);
    String begin = "// example: " + name + "\n";
    int from = source.indexOf(begin) + begin.length();
    String lines = source.substring(from, source.indexOf("// end", from));
    return lines.stripIndent().stripTrailing().replace("println(", "System.out.println(") + "\n";
  }

  private WorkflowExecutor open() {
    return WorkflowExecutor.open(folder.resolve("executions.db"));
  }

  private static String create(WorkflowExecutor executor, List<UnitOp> unitOps) {
    return executor
        .createExecutionFromProtocol("test", "iPSC", "flask_t75", "test", unitOps, Map.of())
        .executionId();
  }

  private static UnitOp swirl() {
    return UnitOp.of("swirl", "Swirl", Map.of());
  }

  private void println(Object text) {
    printed.add(String.valueOf(text));
  }
}
