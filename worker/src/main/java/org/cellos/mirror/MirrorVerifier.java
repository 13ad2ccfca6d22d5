package org.cellos.mirror;

import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.MirrorDifference;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.MirrorVerification.NotCompared;
import org.cellos.domain.MirrorVerification.Reason;
import org.cellos.domain.StepFailure;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.MirrorRows.Known;
import org.cellos.store.StoredExecution;
import org.jspecify.annotations.Nullable;

/** Compares a mirror with the histories of one engine; changes nothing. */
public final class MirrorVerifier {
  private static final int LOOKS = 5;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final MirrorDatabase mirror;
  private final WorkflowClient temporal;
  private final EngineIdentity engine;
  private final Class<?> workflow;
  private final Function<Throwable, StepFailure> failureOf;

  private int compared;
  private final List<MirrorDifference> differences = new ArrayList<>();
  private final List<NotCompared> notCompared = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * @param temporal of the engine
   * @param workflow the implementation of the workflow
   * @param failureOf reads what an activity threw
   */
  public MirrorVerifier(
      MirrorDatabase mirror,
      WorkflowClient temporal,
      EngineIdentity engine,
      Class<?> workflow,
      Function<Throwable, StepFailure> failureOf) {
    this.mirror = mirror;
    this.temporal = temporal;
    this.engine = engine;
    this.workflow = workflow;
    this.failureOf = failureOf;
  }

  /**
   * Compares the executions of this engine. May be called while they go on.
   *
   * @param taskQueue where executions of this mirror are that it may have lost
   */
  public MirrorVerification verify(String taskQueue) {
    Histories histories =
        new Histories(
            temporal, new HistoryArchive(mirror.file(), temporal.getOptions().getDataConverter()));
    Map<String, String> engines = new HashMap<>();
    List<String> ids = new ArrayList<>();
    for (Known known : mirror.rows().all()) {
      engines.put(known.executionId(), String.valueOf(known.engineId()));
      if (engine.id().equals(known.engineId())) {
        ids.add(known.executionId());
      }
    }
    Path folder = temporaryFolder();
    try (Projector projector =
        new Projector(temporal, workflow, failureOf, folder.resolve("projection.db"))) {
      for (String id : ids) {
        verify(id, histories, projector);
      }
      Set<String> lost = new HashSet<>(histories.executionIds(taskQueue));
      lost.removeAll(engines.keySet());
      lost.stream().sorted().forEach(id -> verify(id, histories, projector));
    } finally {
      delete(folder);
    }
    return new MirrorVerification(compared, differences, notCompared, problems);
  }

  private void verify(String executionId, Histories histories, Projector projector) {
    List<String> newProblems = new ArrayList<>();
    try {
      for (int look = 1; ; look++) {
        newProblems.clear();
        Optional<StoredExecution> before = mirror.rows().find(executionId);
        List<RunHistory> runs =
            histories.find(
                executionId,
                before.map(StoredExecution::temporalRunIds).orElse(List.of()),
                newProblems);
        Optional<Projection> projection =
            runs.isEmpty()
                ? Optional.empty()
                : projector.project(executionId, runs, engine, before.orElse(null));
        // After the history: what is recorded there was in the mirror before.
        Optional<StoredExecution> stored = mirror.rows().find(executionId);
        boolean isAhead = stored.isPresent() && isAhead(stored.get(), projection.orElse(null));
        if (isAhead && !runs.isEmpty() && look < LOOKS) {
          pause();
          continue;
        }
        compare(executionId, stored, projection, isAhead, !runs.isEmpty());
        return;
      }
    } catch (UnprojectableException e) {
      notCompared.add(
          new NotCompared(executionId, Reason.UNREADABLE, String.valueOf(e.getMessage())));
    } finally {
      problems.addAll(newProblems);
    }
  }

  private void compare(
      String executionId,
      Optional<StoredExecution> stored,
      Optional<Projection> projection,
      boolean isAhead,
      boolean hasHistory) {
    if (projection.isPresent()) {
      compared++;
      differences.addAll(
          Comparison.of(
              stored.orElseGet(() -> new StoredExecution(executionId, Map.of())),
              projection.get(),
              isAhead));
    } else if (stored.isPresent()) {
      notCompared.add(
          new NotCompared(
              executionId,
              Reason.HISTORY_GONE,
              hasHistory
                  ? "its history has no record yet"
                  : "Temporal has forgotten its history, and it was not exported"));
    }
  }

  /** Whether the mirror has records that the history does not have, or not yet. */
  private static boolean isAhead(StoredExecution stored, @Nullable Projection projection) {
    if (projection == null) {
      return true;
    }
    Optional<String> newest = stored.newestRunId();
    List<String> runs = projection.rows().temporalRunIds();
    return newest.isPresent()
        && (!runs.contains(newest.get())
            || (newest.equals(projection.rows().newestRunId())
                && stored.sequence() > projection.rows().sequence()));
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while comparing", e);
    }
  }

  static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("cellos-projection");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It is in the folder for temporary files.
    }
  }
}
