package org.cellos.store;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cellos.domain.AuditVerification;
import org.jspecify.annotations.Nullable;

/**
 * The mirror's SQLite file, open. Several processes of one host may have it open at once, to read
 * and to write.
 *
 * <p>Thread-safe. Nothing is lost when it is not closed; closing twice is harmless.
 */
public final class MirrorDatabase implements AutoCloseable {
  private final Path file;
  private final @Nullable WriteConnection writer;
  private final @Nullable ExecutionRecorder recorder;
  private final @Nullable EffectLedger ledger;
  private final @Nullable ExecutionUpkeep upkeep;
  private final @Nullable Leases leases;
  private final ReadConnection reader;
  private final ExecutionQueries queries;

  private MirrorDatabase(Path file, @Nullable WriteConnection writer, Clock clock) {
    this.file = file;
    this.writer = writer;
    this.recorder = writer == null ? null : new SqliteRecorder(writer, file, clock);
    this.ledger = writer == null ? null : new SqliteLedger(writer, clock);
    this.upkeep = writer == null ? null : new SqliteUpkeep(writer, file, clock);
    this.leases = writer == null ? null : new SqliteLeases(writer, clock);
    this.reader =
        new ReadConnection(file, writer == null ? new FileWatch(file) : writer.anotherWatch());
    this.queries = new SqliteQueries(reader, file);
  }

  /**
   * Opens the file to write and read; makes it, with its folder, where there is none, and adds what
   * its schema lacks.
   *
   * @throws StoreException if it cannot be written or belongs to something else; it is unchanged
   *     then
   */
  public static MirrorDatabase open(Path file) {
    return open(file, Clock.systemUTC());
  }

  /**
   * @param clock gives the recorded times
   */
  public static MirrorDatabase open(Path file, Clock clock) {
    return new MirrorDatabase(file, WriteConnection.open(file), clock);
  }

  /**
   * Opens a file that becomes a mirror only when all of it is written: without the care that a
   * sudden end would need, and with rows in any order.
   */
  static MirrorDatabase openDraft(Path file, Clock clock) {
    return new MirrorDatabase(file, WriteConnection.open(file, true), clock);
  }

  /**
   * Opens the file to read only. Changes nothing, so it reads files of the Python original as they
   * are.
   *
   * @throws StoreException if there is no such file, or it belongs to something else
   */
  public static MirrorDatabase openReadOnly(Path file) {
    MirrorDatabase database = new MirrorDatabase(file, null, Clock.systemUTC());
    try {
      database.reader.read(sql -> true);
      return database;
    } catch (StoreException e) {
      database.close();
      throw e;
    }
  }

  public Path file() {
    return file;
  }

  /**
   * @throws IllegalStateException if the file is open to read only
   */
  public ExecutionRecorder recorder() {
    if (recorder == null) {
      throw new IllegalStateException(file + " is open to read only");
    }
    return recorder;
  }

  /**
   * @throws IllegalStateException if the file is open to read only
   */
  public EffectLedger ledger() {
    if (ledger == null) {
      throw new IllegalStateException(file + " is open to read only");
    }
    return ledger;
  }

  /**
   * @throws IllegalStateException if the file is open to read only
   */
  public Leases leases() {
    if (leases == null) {
      throw new IllegalStateException(file + " is open to read only");
    }
    return leases;
  }

  /**
   * @throws IllegalStateException if the file is open to read only
   */
  public ExecutionUpkeep upkeep() {
    if (upkeep == null) {
      throw new IllegalStateException(file + " is open to read only");
    }
    return upkeep;
  }

  /**
   * Adds a person's note about an execution to the audit log.
   *
   * @see ExecutionUpkeep#note
   */
  public void note(String executionId, @Nullable Integer stepIndex, String by, String text) {
    upkeep().note(executionId, stepIndex, by, text, UUID.randomUUID().toString());
  }

  public ExecutionQueries queries() {
    return queries;
  }

  /** What is stored of executions, as it is stored. */
  public MirrorRows rows() {
    return new MirrorRows(reader);
  }

  /** Which histories have been exported. */
  public HistoryExportLog historyExports() {
    return new HistoryExportLog(reader, requireWriter());
  }

  WriteConnection requireWriter() {
    if (writer == null) {
      throw new IllegalStateException(file + " is open to read only");
    }
    return writer;
  }

  /**
   * Tells this mirror from others on one Temporal; it goes with the file.
   *
   * @throws StoreException if no writer has opened the file yet
   */
  public String mirrorId() {
    return reader
        .read(sql -> sql.text("SELECT mirror_id FROM mirror_identity"))
        .orElseThrow(() -> new StoreException(file + " has not been opened to write yet."));
  }

  /**
   * Looks at every page of the file, which takes a second or so for 100 MB.
   *
   * @return what is wrong with it and what to do; empty if nothing is
   */
  public Optional<String> damage() {
    try {
      List<String> problems =
          reader.read(sql -> sql.list("PRAGMA quick_check(1)", row -> row.getString(1)));
      return problems.equals(List.of("ok"))
          ? Optional.empty()
          : Optional.of(SqliteProblem.damaged(file, String.join(" ", problems)));
    } catch (StoreException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Follows the chain of the audit log, a second or so for 100,000 entries.
   *
   * @throws StoreException if the file cannot be read, or its entries have no hashes yet
   */
  public AuditVerification verifyAudit() {
    return reader.read(
        sql -> {
          // At one moment: others may go on adding entries.
          sql.execute("BEGIN");
          try {
            if (Schema.version(sql) < Schema.FIRST_WITH_AUDIT_CHAIN) {
              throw new StoreException(
                  file
                      + " was last written by an older version of cellos, or by another program:"
                      + " there is no chain of its audit log to verify yet. The next command that"
                      + " writes to it makes one.");
            }
            return new AuditTrail(sql).verify();
          } finally {
            sql.execute("COMMIT");
          }
        });
  }

  @Override
  public void close() {
    reader.close();
    if (writer != null) {
      writer.close();
    }
  }
}
