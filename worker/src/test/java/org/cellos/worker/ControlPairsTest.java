package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.handler.StoppedStepException;
import org.cellos.store.MirrorDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 30: everything that can be asked, in all ordered pairs, in the middle of a step. */
class ControlPairsTest {
  private static final List<String> WORDS =
      List.of("pause", "pause --now", "resume", "skip", "edit", "cancel", "retry");

  private static final List<UnitOp> UNIT_OPS =
      List.of(
          UnitOp.of("image", "Image", Map.of()),
          UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75")),
          UnitOp.of("dispense", "Give more", Map.of("volume_ml", 5.0, "to", "flask_t75")));

  @TempDir private static Path folder;
  private static Witness witness;
  private static WorkflowExecutor executor;
  private static final Map<String, CountDownLatch> LAMPS = new ConcurrentHashMap<>();
  private static final Set<String> IMAGING = ConcurrentHashMap.newKeySet();

  @BeforeAll
  static void open() {
    witness = new Witness(folder.resolve("witness.jsonl"));
    executor = WorkflowExecutor.open(database(), EngineChoice.inMemory(), witness.log());
    executor.registerHandler(
        "image",
        EffectClass.ONCE,
        step -> {
          String id = step.request().executionId();
          IMAGING.add(id);
          try {
            LAMPS.get(id).await();
          } catch (InterruptedException e) {
            throw new StoppedStepException("The lamp is off.");
          }
          return Map.of("status", "success");
        });
  }

  @AfterAll
  static void close() {
    LAMPS.values().forEach(CountDownLatch::countDown);
    executor.close();
  }

  static Stream<Arguments> pairs() {
    return WORDS.stream()
        .flatMap(first -> WORDS.stream().map(second -> Arguments.of(first, second)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aPairHasOneConsistentEnd(String first, String second) {
    ExecutionRecord created =
        executor.createExecutionFromProtocol(
            "pair", "iPSC", "flask_t75", "feed", UNIT_OPS, Map.of());
    String executionId = created.executionId();
    LAMPS.put(executionId, new CountDownLatch(1));
    executor.begin(executionId, false);
    await().until(() -> IMAGING.contains(executionId));

    Map<String, Boolean> followed = new LinkedHashMap<>();
    followed.put("1 " + first, ask(executionId, "1", first));
    followed.put("2 " + second, ask(executionId, "2", second));
    if (has(followed, first)) {
      // A double click, later: no more than before.
      ask(executionId, "1", first);
    }
    LAMPS.get(executionId).countDown();
    ExecutionRecord end = toTheEnd(executionId);

    boolean isCancelled = first.equals("cancel") || second.equals("cancel");
    assertThat(end.status())
        .isEqualTo(isCancelled ? ExecutionStatus.CANCELLED : ExecutionStatus.COMPLETED);
    List<StepRecord> steps = executor.steps(executionId);
    if (!isCancelled) {
      assertThat(steps.get(1).status())
          .isEqualTo(has(followed, "skip") ? StepStatus.SKIPPED : StepStatus.COMPLETED);
      assertThat(steps.get(2).parameters().number("volume_ml"))
          .isEqualTo(has(followed, "edit") ? 2.5 : 5.0);
    }
    assertThat(audited(executionId)).isEqualTo(followed.values().stream().filter(f -> f).count());
  }

  @Test
  void theHistoryIsAsTemporalSays() {
    aPairHasOneConsistentEnd("pause", "edit");
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      assertThat(MirrorMaintenance.verify(mirror, executor.engine()).differences()).isEmpty();
    }
  }

  private static boolean has(Map<String, Boolean> followed, String word) {
    return followed.entrySet().stream()
        .anyMatch(entry -> entry.getValue() && entry.getKey().substring(2).equals(word));
  }

  /** Whether it is followed. */
  private static boolean ask(String id, String requestId, String word) {
    try {
      if (word.equals("cancel")) {
        executor.cancel(id, "by ada");
        // A cancel is Temporal's, and not among the requests that are counted.
        return false;
      }
      executor.control(id, new ControlRequest(requestId, "ada", null, control(word)));
      return true;
    } catch (ExecutionRefusedException e) {
      assertThat(e).hasMessageEndingWith(".");
      return false;
    }
  }

  private static Control control(String word) {
    return switch (word) {
      case "pause" -> new Control.Pause(false);
      case "pause --now" -> new Control.Pause(true);
      case "resume" -> new Control.Resume();
      case "skip" -> new Control.Skip(1);
      case "edit" -> new Control.Edit(2, Parameters.of(Map.of("volume_ml", 2.5)));
      case "retry" -> new Control.Retry(0);
      default -> throw new IllegalArgumentException(word);
    };
  }

  /** A person resumes what is paused and answers what is asked. */
  private static ExecutionRecord toTheEnd(String id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              ExecutionRecord record = executor.getExecutionStatus(id).orElseThrow();
              if (record.status() == ExecutionStatus.PAUSED) {
                executor.queries().decisions(id).stream()
                    .filter(DecisionRecord::isOpen)
                    .findFirst()
                    .ifPresentOrElse(asked -> answer(id, asked), () -> resume(id));
              }
              return record.status().isTerminal();
            });
    return executor.getExecutionStatus(id).orElseThrow();
  }

  private static void resume(String id) {
    try {
      executor.control(id, new ControlRequest("at the end", "bob", null, new Control.Resume()));
    } catch (ExecutionRefusedException e) {
      // Somebody else was faster, or it is being cancelled.
      assertThat(e).hasMessageEndingWith(".");
    }
  }

  private static void answer(String id, DecisionRecord asked) {
    Question question = asked.question();
    try {
      executor.answer(
          id,
          new Answer(
              "answer-" + question.epoch(),
              question.stepIndex(),
              question.epoch(),
              question.action(),
              Choice.DONE,
              null,
              "bob",
              null));
    } catch (ExecutionRefusedException e) {
      assertThat(e).hasMessageEndingWith(".");
    }
  }

  private static long audited(String id) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT count(*) FROM audit_log WHERE execution_id = ? AND who = 'ada'")) {
      statement.setString(1, id);
      try (ResultSet result = statement.executeQuery()) {
        return result.getLong(1);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Path database() {
    return folder.resolve("executions.db");
  }
}
