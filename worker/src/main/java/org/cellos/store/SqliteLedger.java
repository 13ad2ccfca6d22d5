package org.cellos.store;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EffectRules;
import org.cellos.domain.EffectRules.Permission;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepOutcome;
import org.cellos.json.Json;

/** The ledger in the mirror's file. Thread-safe. */
final class SqliteLedger implements EffectLedger {
  private final WriteConnection writer;
  private final Clock clock;

  SqliteLedger(WriteConnection writer, Clock clock) {
    this.writer = writer;
    this.clock = clock;
  }

  @Override
  public Permission claim(EffectKey key, EffectClass effectClass, Claimant claimant) {
    return writer.transaction(
        sql -> {
          Permission permission =
              EffectRules.beforeAttempt(effectClass, entry(sql, key, claimant.engineId()));
          if (permission instanceof Permission.Go) {
            // A repeatable effect that was begun before is taken over with its first intent's time.
            sql.update(
                """
                INSERT INTO effect_ledger
                  (execution_id, step_index, action, epoch, owner, worker, intent_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET owner = excluded.owner, worker = excluded.worker""",
                key.executionId(),
                key.stepIndex(),
                key.action().wireValue(),
                key.epoch(),
                claimant.attempt(),
                claimant.worker(),
                StoredTime.write(now()));
          }
          return permission;
        });
  }

  @Override
  public boolean stands(EffectKey key, Claimant claimant) {
    return writer.transaction(
        sql ->
            entry(sql, key, claimant.engineId()) instanceof LedgerEntry.Open
                && sql.number(
                        """
                        SELECT count(*) FROM effect_ledger
                        WHERE execution_id = ? AND step_index = ? AND action = ? AND epoch = ?
                          AND owner = ?""",
                        key.executionId(),
                        key.stepIndex(),
                        key.action().wireValue(),
                        key.epoch(),
                        claimant.attempt())
                    == 1);
  }

  @Override
  public void withdraw(EffectKey key, Claimant claimant) {
    writer.transaction(
        sql ->
            sql.update(
                """
                DELETE FROM effect_ledger
                WHERE execution_id = ? AND step_index = ? AND action = ? AND epoch = ?
                  AND owner = ? AND closed_at IS NULL""",
                key.executionId(),
                key.stepIndex(),
                key.action().wireValue(),
                key.epoch(),
                claimant.attempt()));
  }

  @Override
  public Instant close(EffectKey key, Claimant claimant, StepOutcome outcome) {
    return writer.transaction(
        sql -> {
          Instant now = notBeforeIntent(sql, key);
          boolean isClosed =
              sql.update(
                      """
                      UPDATE effect_ledger SET closed_at = ?, outcome = ?
                      WHERE execution_id = ? AND step_index = ? AND action = ? AND epoch = ?
                        AND owner = ? AND closed_at IS NULL""",
                      StoredTime.write(now),
                      Json.write(outcome),
                      key.executionId(),
                      key.stepIndex(),
                      key.action().wireValue(),
                      key.epoch(),
                      claimant.attempt())
                  == 1;
          if (isClosed) {
            tellWhoeverIsAsked(sql, key, outcome, now);
          } else {
            AuditLog.add(
                sql,
                now,
                key.executionId(),
                key.stepIndex(),
                claimant.worker(),
                "said late how epoch " + key.epoch() + " ended: " + Json.write(outcome),
                null);
          }
          return now;
        });
  }

  /** The clock may have been set back since the intent; nothing ends before it has begun. */
  private Instant notBeforeIntent(Sql sql, EffectKey key) throws SQLException {
    Instant now = now();
    return sql.text(
            """
            SELECT intent_at FROM effect_ledger
            WHERE execution_id = ? AND step_index = ? AND action = ? AND epoch = ?""",
            key.executionId(),
            key.stepIndex(),
            key.action().wireValue(),
            key.epoch())
        .map(StoredTime::read)
        .filter(now::isBefore)
        .orElse(now);
  }

  /** A question may be open about an attempt that was only slow to report. */
  private static void tellWhoeverIsAsked(Sql sql, EffectKey key, StepOutcome outcome, Instant now)
      throws SQLException {
    StoredOutcome stored = StoredOutcome.of(outcome);
    sql.update(
        """
        UPDATE decisions
        SET question =
          json_set(question, '$.evidence', json_extract(question, '$.evidence') || ?)
        WHERE execution_id = ? AND step_index = ? AND action = ? AND epoch = ?
          AND decided_at IS NULL""",
        " It has reported since, at "
            + now
            + ": "
            + stored.status()
            + (stored.errorMessage() == null ? "." : ", " + stored.errorMessage()),
        key.executionId(),
        key.stepIndex(),
        key.action().wireValue(),
        key.epoch());
  }

  @Override
  public LedgerEntry read(EffectKey key, String engineId) {
    // Through the writer: what another connection has just written must be seen, in its order.
    return writer.transaction(sql -> entry(sql, key, engineId));
  }

  /** The newest epoch of each part of a step that has one, and what is known of it. */
  static Map<EffectKey, LedgerEntry> newest(
      Sql sql, String executionId, int stepIndex, String engineId) throws SQLException {
    List<EffectKey> keys =
        sql.list(
            """
            SELECT action, max(epoch) FROM effect_ledger
            WHERE execution_id = ? AND step_index = ? GROUP BY action""",
            row ->
                new EffectKey(
                    executionId,
                    stepIndex,
                    row.getInt(2),
                    StepAction.ofWireValue(row.getString(1))),
            executionId,
            stepIndex);
    Map<EffectKey, LedgerEntry> newest = new LinkedHashMap<>();
    for (EffectKey key : keys) {
      newest.put(key, entry(sql, key, engineId));
    }
    return newest;
  }

  /**
   * Writes a person's answer over whatever is known of the effect. A start counts from its intent:
   * that is when the vessel went in, if it did.
   */
  static void answer(Sql sql, EffectKey key, String by, StepOutcome outcome, Instant now)
      throws SQLException {
    sql.update(
        """
        INSERT INTO effect_ledger
          (execution_id, step_index, action, epoch, owner, worker, intent_at, closed_at, outcome)
        VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?6, ?7)
        ON CONFLICT DO UPDATE
        SET owner = excluded.owner, outcome = excluded.outcome,
          closed_at = CASE action
            WHEN 'start' THEN intent_at ELSE max(intent_at, excluded.closed_at) END""",
        key.executionId(),
        key.stepIndex(),
        key.action().wireValue(),
        key.epoch(),
        by,
        StoredTime.write(now),
        Json.write(outcome));
  }

  /** When the effect ended; of a start that a person answered for, its intent. */
  static Instant closedAt(Sql sql, EffectKey key) throws SQLException {
    return sql.text(
            """
            SELECT closed_at FROM effect_ledger
            WHERE execution_id = ? AND step_index = ? AND action = ? AND epoch = ?""",
            key.executionId(),
            key.stepIndex(),
            key.action().wireValue(),
            key.epoch())
        .map(StoredTime::read)
        .orElseThrow();
  }

  private static LedgerEntry entry(Sql sql, EffectKey key, String engineId) throws SQLException {
    Optional<String> owningEngine =
        sql.text(
            "SELECT engine_id FROM execution_details WHERE execution_id = ?", key.executionId());
    if (owningEngine.isEmpty()) {
      throw new StoreException("There is no execution " + key.executionId() + " in the history.");
    }
    if (!owningEngine.get().equals(engineId)) {
      return new LedgerEntry.TakenOver();
    }
    int newestEpoch =
        (int)
            sql.number(
                """
                SELECT coalesce(max(epoch), 0) FROM effect_ledger
                WHERE execution_id = ? AND step_index = ? AND action = ?""",
                key.executionId(),
                key.stepIndex(),
                key.action().wireValue());
    if (newestEpoch > key.epoch()) {
      return new LedgerEntry.Superseded(newestEpoch);
    }
    return sql.<LedgerEntry>first(
            """
            SELECT worker, intent_at, closed_at, outcome FROM effect_ledger
            WHERE execution_id = ? AND step_index = ? AND action = ? AND epoch = ?""",
            row ->
                row.getString("closed_at") == null
                    ? new LedgerEntry.Open(
                        row.getString("worker"), StoredTime.read(row.getString("intent_at")))
                    : new LedgerEntry.Closed(
                        Json.read(row.getString("outcome"), StepOutcome.class),
                        StoredTime.read(row.getString("closed_at"))),
            key.executionId(),
            key.stepIndex(),
            key.action().wireValue(),
            key.epoch())
        .orElseGet(LedgerEntry.Absent::new);
  }

  private Instant now() {
    return StoredTime.truncate(clock.instant());
  }
}
