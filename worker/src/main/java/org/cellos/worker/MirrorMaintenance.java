package org.cellos.worker;

import io.temporal.client.WorkflowClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.cellos.activity.StepFailures;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.MirrorRebuild;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.MirrorVerification.NotCompared;
import org.cellos.domain.MirrorVerification.Reason;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.EngineLocks;
import org.cellos.engine.EngineUnavailableException;
import org.cellos.engine.Engines;
import org.cellos.mirror.MirrorRebuilder;
import org.cellos.mirror.MirrorVerifier;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.MirrorRows.Known;
import org.cellos.store.RebuiltMirror;
import org.cellos.workflow.ProtocolExecutionImpl;

/** Compares a mirror with Temporal, and makes it anew. */
public final class MirrorMaintenance {
  private MirrorMaintenance() {}

  /**
   * Compares a mirror with the histories of the chosen engine, and with those of the in-memory ones
   * whose processes live. Changes nothing.
   *
   * @throws org.cellos.store.StoreException if the mirror cannot be read
   * @throws EngineUnavailableException if the configured Temporal cannot be reached
   */
  public static MirrorVerification verify(Path database, EngineChoice choice) {
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database);
        Engine chosen = Engines.open(choice)) {
      return verify(mirror, chosen);
    }
  }

  static MirrorVerification verify(MirrorDatabase mirror, Engine chosen) {
    MirrorVerification verification = verifyOn(mirror, chosen);
    Set<String> done = new HashSet<>(Set.of(chosen.id()));
    EngineLocks locks = EngineLocks.beside(mirror.file());
    List<NotCompared> others = new ArrayList<>();
    for (Known known : mirror.rows().all()) {
      String engineId = known.engineId();
      if (engineId == null) {
        others.add(
            new NotCompared(
                known.executionId(), Reason.OTHER_PROGRAM, "another program has written it"));
      } else if (known.isInMemory() && locks.isHeld(engineId) && done.add(engineId)) {
        try (Engine living =
            Engines.attach(engineId, Objects.requireNonNull(known.engineAddress()))) {
          verification = verification.plus(verifyOn(mirror, living));
        } catch (EngineUnavailableException e) {
          done.remove(engineId);
          others.add(elsewhere(known));
        }
      } else if (!done.contains(engineId)) {
        others.add(elsewhere(known));
      }
    }
    return verification.plus(new MirrorVerification(0, List.of(), others, List.of()));
  }

  private static NotCompared elsewhere(Known known) {
    return new NotCompared(
        known.executionId(),
        Reason.OTHER_ENGINE,
        known.isInMemory()
            ? "its Temporal was in memory and has ended, and its history with it"
            : "it is on the Temporal server at " + known.engineAddress());
  }

  /**
   * Makes a mirror anew, from the histories of the chosen engine, from exported ones, and from what
   * can be read of the file itself, which is kept beside the new one.
   *
   * @param mirrorId which mirror it is, where its file cannot say; empty to find out
   * @param who for the audit log
   * @throws org.cellos.store.StoreException if other processes work on the file, or another program
   *     wrote it; nothing has changed then
   * @throws ExecutionRefusedException if it cannot be found out which mirror it is
   */
  public static MirrorRebuild rebuild(
      Path database, EngineChoice choice, Optional<String> mirrorId, String who) {
    EngineLocks locks = EngineLocks.beside(database);
    if (locks.isAnyHeld()) {
      throw new ExecutionRefusedException(
          "Executions of "
              + database
              + " are being performed by another process"
              + ". Let them end or stop them, and try again. Nothing was changed.");
    }
    try (Engine engine = Engines.open(choice)) {
      return rebuild(database, engine, mirrorId, who);
    }
  }

  static MirrorRebuild rebuild(
      Path database, Engine engine, Optional<String> mirrorId, String who) {
    try (RebuiltMirror mirror = RebuiltMirror.begin(database)) {
      MirrorRebuilder rebuilder =
          new MirrorRebuilder(
              ExecutionClient.temporalClient(engine.stubs(), engine.namespace()),
              ExecutionWorker.identity(engine),
              ProtocolExecutionImpl.class,
              StepFailures::of);
      String id =
          mirror
              .formerMirrorId()
              .or(() -> mirrorId)
              .orElseGet(() -> findMirrorId(database, rebuilder.taskQueues()));
      if (mirrorId.isPresent() && !mirrorId.get().equals(id)) {
        throw new ExecutionRefusedException(
            database + " is the mirror " + id + ", not " + mirrorId.get() + ".");
      }
      mirror.identify(id);
      return rebuilder.rebuild(mirror, database, ExecutionWorker.taskQueue(id), who);
    }
  }

  private static String findMirrorId(Path database, Set<String> taskQueues) {
    List<String> ids =
        taskQueues.stream()
            .filter(queue -> queue.startsWith(ExecutionWorker.TASK_QUEUE_PREFIX))
            .map(queue -> queue.substring(ExecutionWorker.TASK_QUEUE_PREFIX.length()))
            .toList();
    if (ids.size() == 1) {
      return ids.get(0);
    }
    throw new ExecutionRefusedException(
        database
            + " cannot say which mirror it is, and the Temporal server "
            + (ids.isEmpty()
                ? "knows of none. Give --mirror-id ID if you know it, or --address of the right"
                    + " server."
                : "has executions of several: "
                    + String.join(", ", ids)
                    + ". Give --mirror-id ID."));
  }

  private static MirrorVerification verifyOn(MirrorDatabase mirror, Engine engine) {
    WorkflowClient temporal = ExecutionClient.temporalClient(engine.stubs(), engine.namespace());
    return new MirrorVerifier(
            mirror,
            temporal,
            ExecutionWorker.identity(engine),
            ProtocolExecutionImpl.class,
            StepFailures::of)
        .verify(ExecutionWorker.taskQueue(mirror));
  }
}
