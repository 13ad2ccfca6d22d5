package org.cellos.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellos.domain.Begin;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Usd;

/** Values for the tests of this package. */
final class Samples {
  static final EngineIdentity ENGINE =
      new EngineIdentity(EngineIdentity.Kind.IN_MEMORY, "engine-1", "127.0.0.1:40123", "default");

  private Samples() {}

  static ExecutionInput input(String id, int steps) {
    return input(id, steps, Instruments.VIRTUAL);
  }

  static ExecutionInput input(String id, int steps, Instruments instruments) {
    List<UnitOp> unitOps =
        IntStream.range(0, steps)
            .mapToObj(
                i ->
                    UnitOp.of(
                        "dispense",
                        "Dispense DPBS " + i,
                        Map.of("volume_ml", 5.0 + i, "labels", List.of("a", "µ"))))
            .toList();
    return new ExecutionInput(
        id,
        "Passage HEK293T in flask_t75",
        "HEK293T",
        "flask_t75",
        "passage",
        Profile.BENCH,
        instruments,
        1,
        Step.numbered(unitOps),
        List.of(),
        Parameters.of(Map.of("operator", "Ada", "plate", 7)),
        Usd.of(28.23),
        Usd.of(1.5),
        33.5,
        new Begin(false),
        null);
  }

  static AttemptKey attempt(String id, int stepIndex, int attempt) {
    return attempt(id, stepIndex, StepAction.PERFORM, attempt);
  }

  static AttemptKey attempt(String id, int stepIndex, StepAction action, int attempt) {
    return new AttemptKey(
        new EffectKey(id, stepIndex, 1, action), "run-1", "activity-" + stepIndex, attempt);
  }

  static Snapshot order(String run, long sequence) {
    return new Snapshot(
        run,
        new ExecutionState(
            1,
            sequence,
            new Begin(false),
            List.of(),
            0,
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            null));
  }

  static StepOutcome completed() {
    return new StepOutcome.Completed(Parameters.of(Map.of("mode", "virtual")));
  }

  static StepOutcome failed(String message) {
    return new StepOutcome.Failed(new StepFailure(ErrorCode.STEP_FAILED, message));
  }

  /** The rows of a query as text, columns joined by a bar; or of a script, none. */
  static List<String> sql(Path file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      List<String> rows = new ArrayList<>();
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          while (result.next()) {
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
              columns.add(result.getString(i));
            }
            rows.add(String.join("|", columns));
          }
        }
      }
      return rows;
    }
  }

  static void script(Path file, String... statements) throws SQLException {
    for (String statement : statements) {
      sql(file, statement);
    }
  }
}
