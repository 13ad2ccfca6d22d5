package org.cellos.dashboard.planted;

import java.sql.Connection;
import java.util.List;
import org.cellos.mirror.MirrorInterceptor;
import org.cellos.store.ExecutionRecorder;
import org.cellos.workflow.ProtocolExecution;

/** Breaks the rules of the dashboard on purpose: the rules are tested with it. */
public final class PlantedViolation {
  private final List<Class<?>> known =
      List.of(
          Connection.class,
          ProtocolExecution.class,
          MirrorInterceptor.class,
          ExecutionRecorder.class);

  public List<Class<?>> known() {
    return known;
  }
}
