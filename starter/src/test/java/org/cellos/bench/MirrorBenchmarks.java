package org.cellos.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.Begin;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Parameters;
import org.cellos.domain.Route;
import org.cellos.domain.RouteKind;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepOutcome;
import org.cellos.json.Fingerprint;
import org.cellos.store.AttemptKey;
import org.cellos.store.Claimant;
import org.cellos.store.EffectLedger;
import org.cellos.store.ExecutionFilter;
import org.cellos.store.ExecutionQueries;
import org.cellos.store.ExecutionRecorder;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.Snapshot;

/** The mirror alone, without Temporal: what a step writes, and what a list of many reads. */
final class MirrorBenchmarks {
  private static final String NO_ENGINE = "SQLite";
  private static final Duration MOST_FOR_TRANSACTION = Duration.ofMillis(5);
  private static final Duration MOST_FOR_PAGE = Duration.ofMillis(5);
  private static final Duration MOST_FOR_SEARCH = Duration.ofMillis(20);
  private static final int EXECUTIONS_WRITTEN = 200;
  private static final int EXECUTIONS_READ = 100_000;
  private static final int PAGE = 100;
  private static final int READS = 100;

  /** Until then the JVM still compiles what is measured. */
  private static final int READS_BEFORE = 300;

  private static final EngineIdentity ENGINE =
      new EngineIdentity(EngineIdentity.Kind.IN_MEMORY, "bench", "127.0.0.1:0", "default");

  private final ResultTable table;

  MirrorBenchmarks(ResultTable table) {
    this.table = table;
  }

  void transactions(Path folder) throws Exception {
    Path file = folder.resolve("executions.db");
    Samples samples = new Samples();
    try (MirrorDatabase mirror = MirrorDatabase.open(file)) {
      for (int i = 0; i < EXECUTIONS_WRITTEN; i++) {
        record(mirror, i < EXECUTIONS_WRITTEN / 4 ? new Samples() : samples);
      }
    }
    table.p99Below("one transaction of the mirror", NO_ENGINE, MOST_FOR_TRANSACTION, samples);
  }

  /** What an execution of ten virtual steps writes, in its order. */
  static void record(MirrorDatabase mirror, Samples samples) throws Exception {
    ExecutionRecorder recorder = mirror.recorder();
    EffectLedger ledger = mirror.ledger();
    ExecutionInput input = TenSteps.input(new Begin(false));
    String id = input.executionId();
    StepOutcome outcome =
        new StepOutcome.Completed(Parameters.of(Map.of("mode", "virtual", "moved_ml", 1.0)));
    Route route = Route.of(RouteKind.HANDLER, EffectClass.ONCE, false);
    ExecutionState opened = ExecutionState.initial(input.begin());
    samples.time(
        () -> recorder.open(input, Fingerprint.of(input), ENGINE, new Snapshot(id, opened)));
    ExecutionState[] state = {
      opened.begunWith(input.steps().stream().map(step -> route).toList()).next()
    };
    samples.time(() -> recorder.begin(id, new Snapshot(id, state[0]), false));
    for (int index = 0; index < TenSteps.COUNT; index++) {
      int step = index;
      EffectKey effect = new EffectKey(id, step, 1, StepAction.PERFORM);
      AttemptKey attempt = new AttemptKey(effect, id, "activity-" + step, 1);
      Claimant claimant = new Claimant(ENGINE.id(), "attempt-" + step, "bench");
      samples.time(() -> recorder.attemptStarted(attempt, "bench"));
      samples.time(() -> ledger.claim(effect, EffectClass.ONCE, claimant));
      samples.time(() -> ledger.stands(effect, claimant));
      samples.time(() -> ledger.close(effect, claimant, outcome));
      samples.time(() -> recorder.attemptEnded(attempt, outcome));
      state[0] = state[0].atStep(step + 1).next();
      samples.time(() -> recorder.recordStep(id, new Snapshot(id, state[0]), step, outcome));
    }
  }

  void reads(Path folder) throws Exception {
    Path file = folder.resolve("executions.db");
    try (MirrorDatabase mirror = MirrorDatabase.open(file)) {
      record(mirror, new Samples());
    }
    multiply(file, EXECUTIONS_READ, 2);
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(file)) {
      ExecutionQueries queries = mirror.queries();
      page(queries, "page of 100 out of 100,000 executions", MOST_FOR_PAGE, Optional.empty());
      // One in a thousand, one in ten, none: the last reads everything where there is no index.
      page(queries, "text search, 100 hits", MOST_FOR_SEARCH, Optional.of("batch 77 of"));
      page(queries, "text search, 10,000 hits", MOST_FOR_SEARCH, Optional.of("lovelace-3"));
      page(queries, "text search, no hit", MOST_FOR_SEARCH, Optional.of("nowhere to be found"));
    }
  }

  private void page(ExecutionQueries queries, String what, Duration most, Optional<String> search)
      throws Exception {
    ExecutionFilter filter = new ExecutionFilter(Optional.empty(), search, PAGE);
    Samples samples = new Samples();
    for (int i = -READS_BEFORE; i < READS; i++) {
      (i < 0 ? new Samples() : samples).time(() -> queries.list(filter));
    }
    table.below(what, NO_ENGINE, most, new Samples(), samples);
  }

  /** Copies the one execution that there is, by SQL: recording so many would take minutes. */
  static void multiply(Path file, int executions, int stepsEach) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      connection.setAutoCommit(false);
      try (PreparedStatement copy =
          connection.prepareStatement(
              """
              INSERT INTO executions
                (execution_id, workflow_name, cell_line, vessel_id, operation_type, status,
                 created_at, started_at, completed_at, metadata)
              SELECT lower(hex(randomblob(16))), workflow_name, cell_line, vessel_id,
                operation_type, 'completed',
                strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now', '-' || ?1 || ' minutes'),
                started_at,
                strftime('%Y-%m-%dT%H:%M:%f000+00:00', started_at, '+' || (?1 % 997) || ' seconds'),
                json_object('researcher', 'lovelace-' || (?1 % 10),
                  'note', 'batch ' || (?1 % 1000) || ' of the year')
              FROM executions WHERE workflow_name = 'Ten dispenses' LIMIT 1""")) {
        for (int i = 1; i < executions; i++) {
          copy.setInt(1, i);
          copy.executeUpdate();
        }
      }
      for (String statement :
          List.of(
              """
              INSERT INTO execution_steps
                (step_id, execution_id, step_index, name, operation_type, parameters, status)
              SELECT e.execution_id || '-' || s.step_index, e.execution_id, s.step_index, s.name,
                s.operation_type, s.parameters, 'completed'
              FROM executions e, (SELECT * FROM execution_steps) s
              WHERE s.execution_id <> e.execution_id AND s.step_index < \
              """
                  + stepsEach)) {
        try (Statement insert = connection.createStatement()) {
          insert.executeUpdate(statement);
        }
      }
      connection.commit();
    }
    index(file);
  }

  /** What cellos records itself is indexed as it comes. */
  private static void index(Path file) throws SQLException {
    try (MirrorDatabase mirror = MirrorDatabase.open(file);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        PreparedStatement behind =
            connection.prepareStatement("SELECT EXISTS (SELECT 1 FROM execution_search_changes)")) {
      while (isTrue(behind)) {
        mirror.upkeep().seen("bench", "bench");
      }
    }
  }

  private static boolean isTrue(PreparedStatement query) throws SQLException {
    try (ResultSet answer = query.executeQuery()) {
      return answer.next() && answer.getBoolean(1);
    }
  }
}
