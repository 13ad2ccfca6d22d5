package org.cellos.starter;

import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.StepStatus;
import org.cellos.store.ExecutionQueries;
import org.cellos.view.Countdown;
import org.cellos.view.History;

/** A progress bar on a terminal, nothing in a pipe. */
final class Progress implements AutoCloseable {
  private static final int UPDATE_MILLIS = 100;

  private final History history;
  private final ExecutionQueries queries;
  private final String executionId;
  private final Optional<ProgressBar> bar;
  private final Countdown countdown;

  private Progress(History history, String executionId, Optional<ProgressBar> bar) {
    this.history = history;
    this.queries = history.queries();
    this.executionId = executionId;
    this.bar = bar;
    this.countdown = Countdown.of(queries, executionId);
  }

  static Progress on(Terminal terminal, History history, String executionId) {
    if (!terminal.interactive()) {
      return new Progress(history, executionId, Optional.empty());
    }
    int steps = history.queries().find(executionId).map(ExecutionRecord::stepCount).orElse(0);
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("Steps")
            .setInitialMax(steps)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .hideEta()
            .setConsumer(new ConsoleProgressBarConsumer(terminal.err()))
            .build();
    return new Progress(history, executionId, Optional.of(bar));
  }

  void update() {
    if (bar.isEmpty()) {
      return;
    }
    queries
        .find(executionId)
        .ifPresent(
            record -> {
              bar.get().stepTo(record.completedStepCount());
              bar.get().setExtraMessage(currentStep() + timeLeft());
            });
  }

  @Override
  public void close() {
    update();
    bar.ifPresent(ProgressBar::close);
  }

  private String currentStep() {
    return queries.steps(executionId).stream()
        .filter(step -> step.status() == StepStatus.RUNNING)
        .map(step -> history.robotSays(executionId, step).orElse(step.name()))
        .findFirst()
        .or(() -> history.equipmentWaits(executionId).stream().findFirst())
        .orElse("");
  }

  private String timeLeft() {
    return countdown
        .due()
        .map(due -> " (step " + due.step().path() + ": " + due.left() + ")")
        .orElse("");
  }
}
