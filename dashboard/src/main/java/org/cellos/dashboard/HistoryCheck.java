package org.cellos.dashboard;

import com.codahale.metrics.health.HealthCheck;
import org.cellos.store.StoreException;

/** Whether the history can be read; one that does not exist yet is no trouble. */
final class HistoryCheck extends HealthCheck {
  private final MirrorReader mirror;

  HistoryCheck(MirrorReader mirror) {
    this.mirror = mirror;
  }

  @Override
  protected Result check() {
    try {
      return Result.healthy(
          mirror.read(history -> history.queries().unfinished().size())
              + " executions have not ended.");
    } catch (NoHistoryException e) {
      return Result.healthy(e.getMessage());
    } catch (StoreException e) {
      return Result.unhealthy(e.getMessage());
    }
  }
}
