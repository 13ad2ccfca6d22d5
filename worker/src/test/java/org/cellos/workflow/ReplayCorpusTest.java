package org.cellos.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.cellos.HistoryCorpus;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.Answer;
import org.cellos.domain.Begin;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What released versions have begun, this one goes on with. */
class ReplayCorpusTest {
  private static TestWorkflowEnvironment environment;
  private static Worker worker;
  private static Worker changed;

  @BeforeAll
  static void open() {
    environment = environment();
    worker = environment.newWorker("replay");
    worker.registerWorkflowImplementationTypes(ProtocolExecutionImpl.class);
    changed = environment.newWorker("replay-changed");
    changed.registerWorkflowImplementationTypes(Changed.class);
  }

  private static TestWorkflowEnvironment environment() {
    // Only for the form of what is in histories.
    try (TestWorkflowEnvironment plain = TestWorkflowEnvironment.newInstance()) {
      return TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowClientOptions(
                  ExecutionClient.temporalClient(plain.getWorkflowServiceStubs(), "default")
                      .getOptions())
              .build());
    }
  }

  @AfterAll
  static void close() {
    environment.close();
  }

  static List<Path> histories() {
    return HistoryCorpus.files();
  }

  @Test
  void everyReleaseIsThere() {
    assertThat(histories()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("histories")
  void aHistoryOfAReleasedVersionReplays(Path history) throws Exception {
    worker.replayWorkflowExecution(HistoryCorpus.read(history));
  }

  @ParameterizedTest
  @MethodSource("histories")
  void anIncompatibleChangeOfTheWorkflowIsCaught(Path history) {
    assertThatThrownBy(() -> changed.replayWorkflowExecution(HistoryCorpus.read(history)))
        .hasMessageContaining("NonDeterministicException");
  }

  /** The workflow, with one more timer. */
  public static final class Changed implements ProtocolExecution {
    private final ProtocolExecutionImpl unchanged;

    @WorkflowInit
    public Changed(ExecutionInput input, ExecutionState resumed) {
      unchanged = new ProtocolExecutionImpl(input, resumed);
    }

    @Override
    public ExecutionOutcome perform(ExecutionInput input, ExecutionState resumed) {
      Workflow.sleep(Duration.ofSeconds(1));
      return unchanged.perform(input, resumed);
    }

    @Override
    public void begin(Begin begin) {
      unchanged.begin(begin);
    }

    @Override
    public void mayBegin(Begin begin) {
      unchanged.mayBegin(begin);
    }

    @Override
    public void answer(Answer answer) {
      unchanged.answer(answer);
    }

    @Override
    public void mayAnswer(Answer answer) {
      unchanged.mayAnswer(answer);
    }

    @Override
    public void control(ControlRequest request) {
      unchanged.control(request);
    }

    @Override
    public void mayControl(ControlRequest request) {
      unchanged.mayControl(request);
    }
  }
}
