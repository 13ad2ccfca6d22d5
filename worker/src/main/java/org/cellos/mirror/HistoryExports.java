package org.cellos.mirror;

import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.cellos.store.HistoryExportLog;
import org.cellos.store.HistoryExportLog.Run;
import org.cellos.store.MirrorDatabase;

/**
 * Copies histories of closed executions from the server into files, so that the mirror can be
 * verified and rebuilt when the server has forgotten them. Thread-safe; a repetition copies nothing
 * twice, and two processes that copy the same at once do no harm.
 */
public final class HistoryExports {
  private final HistoryExportLog log;
  private final HistoryArchive archive;
  private final WorkflowClient server;
  private final String engineId;
  private final Clock clock;

  /**
   * @param mirror open to write
   * @param server which has the histories
   * @param engineId the server's
   */
  public HistoryExports(MirrorDatabase mirror, WorkflowClient server, String engineId) {
    this(mirror, server, engineId, Clock.systemUTC());
  }

  HistoryExports(MirrorDatabase mirror, WorkflowClient server, String engineId, Clock clock) {
    this.log = mirror.historyExports();
    this.archive = new HistoryArchive(mirror.file(), server.getOptions().getDataConverter());
    this.server = server;
    this.engineId = engineId;
    this.clock = clock;
  }

  /**
   * Exports what has closed since. A run that the server still closes is left for the next time;
   * one that it does not have any more is not asked for again.
   *
   * @param most how many runs at most
   * @return how many were exported
   * @throws IOException if a file cannot be written
   * @throws org.cellos.store.StoreException if the mirror cannot be read or written
   */
  public int exportClosed(int most) throws IOException {
    int exported = 0;
    for (Run run : log.missing(engineId, most)) {
      Optional<RunHistory> history =
          Histories.fetch(server, run.executionId(), run.temporalRunId());
      if (history.isEmpty()) {
        log.exported(run, null);
      } else if (Histories.isClosed(history.get())) {
        archive.write(run.executionId(), history.get());
        log.exported(run, clock.instant());
        exported++;
      }
    }
    return exported;
  }
}
