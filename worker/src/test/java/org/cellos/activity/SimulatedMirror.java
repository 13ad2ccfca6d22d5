package org.cellos.activity;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellos.domain.Begin;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Usd;
import org.cellos.store.EffectLedger;
import org.cellos.store.ExecutionRecorder;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.Snapshot;

/**
 * A real mirror that lives through engine after engine. One schedule takes one step, since a file
 * or an execution for each would take most of the time.
 */
final class SimulatedMirror implements AutoCloseable {
  private static final int STEPS = 4;

  private final MirrorDatabase database;
  private ExecutionInput input;
  private EngineIdentity engine = engine(1);
  private int engines = 1;
  private int executions;
  private ExecutionState state = ExecutionState.initial(new Begin(false));

  SimulatedMirror(Path file) {
    database = MirrorDatabase.open(file);
    input = openNext();
  }

  EffectLedger ledger() {
    return database.ledger();
  }

  ExecutionRecorder recorder() {
    return database.recorder();
  }

  String executionId() {
    return input.executionId();
  }

  String engineId() {
    return engine.id();
  }

  ExecutionState state() {
    return state;
  }

  /** What the workflow holds, and stores with its next record. */
  Snapshot next(ExecutionState changed) {
    state = changed.next();
    return snapshot();
  }

  /** The next step; of another execution, where this one has ended or is being cancelled. */
  Step step() {
    if (state.nextStep() == STEPS || state.cancelReason() != null) {
      input = openNext();
    }
    return input.steps().get(state.nextStep());
  }

  /** Another engine goes on with what the file knows. */
  void resume() {
    EngineIdentity former = engine;
    engine = engine(++engines);
    if (!recorder().adopt(executionId(), former.id(), engine, "test")) {
      throw new AssertionError("nobody else takes it over");
    }
    state = database.queries().state(executionId()).orElseThrow();
    recorder().open(input, "print", engine, snapshot());
  }

  @Override
  public void close() {
    database.close();
  }

  private ExecutionInput openNext() {
    state = ExecutionState.initial(new Begin(false));
    ExecutionInput opened = input("e-" + ++executions);
    recorder().open(opened, "print", engine, snapshot());
    return opened;
  }

  private Snapshot snapshot() {
    return new Snapshot("run-" + engines, state);
  }

  private static EngineIdentity engine(int number) {
    return new EngineIdentity(
        EngineIdentity.Kind.IN_MEMORY, "engine-" + number, "127.0.0.1:40123", "default");
  }

  private static ExecutionInput input(String id) {
    List<UnitOp> unitOps =
        IntStream.range(0, STEPS)
            .mapToObj(i -> UnitOp.of("dispense", "Dispense", Map.of("volume_ml", 10.0)))
            .toList();
    return new ExecutionInput(
        id,
        "Simulation",
        "HEK293T",
        "flask_t75",
        "passage",
        Profile.BENCH,
        Instruments.VIRTUAL,
        1,
        Step.numbered(unitOps),
        List.of(),
        Parameters.none(),
        Usd.of(1),
        Usd.of(1),
        1,
        new Begin(false),
        null);
  }
}
