package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.ExposureWindow;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.view.Countdown;
import org.cellos.worker.WorkflowExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever looks sees how long there is. */
class CountdownTest {
  @TempDir private Path folder;

  @Test
  void saysHowLongIsLeftAndByHowMuchItIsLate() {
    assertThat(due(null, 8.0, 350).sentence())
        .isEqualTo("Step 2 must begin within 8 min of step 1: 2 min 10 s left.");
    assertThat(due(4.0, 8.0, 350).sentence())
        .isEqualTo("Step 2 must begin 4 to 8 min after step 1: 2 min 10 s left.");
    assertThat(due(4.0, 8.0, 195).sentence())
        .isEqualTo("Step 2 must begin 4 to 8 min after step 1: may begin in 45 s.");
    assertThat(due(null, 8.0, 520).sentence())
        .isEqualTo("Step 2 must begin within 8 min of step 1: late by 40 s.");
    assertThat(due(4.0, null, 520).sentence())
        .isEqualTo("Step 2 must begin at least 4 min after step 1: may begin.");
  }

  @Test
  void showSaysItOfTheNextStepThatHasATimeToKeep() throws IOException {
    Path database = folder.resolve("executions.db");
    try (WorkflowExecutor executor = WorkflowExecutor.open(database, EngineChoice.inMemory())) {
      String id = create(executor);
      Countdown countdown = Countdown.of(executor.queries(), id);
      assertThat(countdown.due()).as("nothing has begun").isEmpty();
      executor.begin(id, false);
      await().until(() -> countdown.due().isPresent());

      assertThat(countdown.due().orElseThrow().sentence())
          .startsWith("Step 2 must begin 60000 to 70000 min after step 1: may begin in ");
      TestTerminal person = TestTerminal.in(folder);
      assertThat(person.cellos("show counted --db executions.db").out())
          .contains("Step 2 must begin 60000 to 70000 min after step 1: may begin in ");
      assertThat(person.cellos("show counted --db executions.db -o json").out())
          .contains("\"exposure\" : {")
          .contains("\"since_step_index\" : 0")
          .contains("\"at_most_minutes\" : 70000.0");
      executor.cancel(id, "by ada");
      assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
      assertThat(countdown.due()).isEmpty();
    }
  }

  private String create(WorkflowExecutor executor) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("own.yaml"),
            """
            protocol: p
            steps:
              - {operation: shake, parameters: {}, mark: shaken}
              - operation: shake
                parameters: {}
                window: {since: shaken, at_least_minutes: 60000, at_most_minutes: 70000}
            """);
    return executor
        .create(
            ExecutionInputs.ofResolved(
                "counted",
                new ProtocolResolver(ProtocolData.load(Optional.empty()))
                    .resolveFile(file, Optional.empty(), Optional.empty()),
                Parameters.none(),
                Instruments.VIRTUAL,
                1,
                null))
        .executionId();
  }

  private static Countdown.Due due(@Nullable Double least, @Nullable Double most, long secondsAgo) {
    UnitOp shake = UnitOp.of("shake", "Shake", Map.of());
    ExposureWindow window = new ExposureWindow(0, least, most);
    return new Countdown.Due(
        new Step(1, "2", shake, window, null),
        new Step(0, "1", shake),
        window,
        Instant.now().minusSeconds(secondsAgo),
        1);
  }
}
