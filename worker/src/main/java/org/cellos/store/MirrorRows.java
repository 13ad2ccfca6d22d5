package org.cellos.store;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.EngineIdentity;
import org.jspecify.annotations.Nullable;

/** Reads what is stored of executions, as it is stored. Thread-safe. */
public final class MirrorRows {
  private final ReadConnection reader;

  MirrorRows(ReadConnection reader) {
    this.reader = reader;
  }

  /**
   * An execution, and who has it.
   *
   * @param engineId null where another program wrote it
   * @param engineKind null where another program wrote it
   * @param engineAddress null where another program wrote it
   */
  public record Known(
      String executionId,
      @Nullable String engineId,
      @Nullable String engineKind,
      @Nullable String engineAddress) {

    /** Whether its engine is within a process. */
    public boolean isInMemory() {
      return EngineIdentity.Kind.IN_MEMORY.name().equalsIgnoreCase(engineKind);
    }
  }

  /** All executions, oldest first. */
  public List<Known> all() {
    return reader.read(
        sql ->
            sql.list(
                """
                SELECT execution_id, engine_id, engine_kind, engine_address
                FROM executions LEFT JOIN execution_details USING (execution_id)
                ORDER BY created_at, execution_id""",
                row ->
                    new Known(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4))));
  }

  /** One execution at one moment; empty if there is nothing of it. */
  public Optional<StoredExecution> find(String executionId) {
    return reader.read(
        sql -> {
          sql.execute("BEGIN");
          try {
            StoredExecution execution = read(sql, executionId);
            return execution.tables().isEmpty() ? Optional.empty() : Optional.of(execution);
          } finally {
            sql.execute("COMMIT");
          }
        });
  }

  static StoredExecution read(Sql sql, String executionId) throws SQLException {
    Map<String, List<StoredRow>> tables = new LinkedHashMap<>();
    for (String table : StoredExecution.TABLES) {
      List<StoredRow> rows =
          sql.list(
              "SELECT * FROM " + table + " WHERE execution_id = ?", StoredRow::read, executionId);
      if (!rows.isEmpty()) {
        tables.put(table, rows);
      }
    }
    return new StoredExecution(executionId, tables);
  }
}
