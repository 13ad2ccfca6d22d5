package org.cellos.dashboard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.store.ExecutionDetails;
import org.cellos.view.History;
import org.cellos.view.Texts;

/**
 * An execution as it happened, event by event, attempt by attempt.
 *
 * @param execution the row
 * @param at which event is looked at, from 0
 * @param events what happened, in order
 * @param steps where each step stood after it
 */
public record Replay(ExecutionSummary execution, int at, List<Event> events, List<Standing> steps) {

  /**
   * @param stepIndex which step it is about; −1 for the execution as a whole
   */
  public record Event(Instant when, String at, String text, int stepIndex, String leadsTo) {}

  public record Standing(String path, String name, String status, String icon) {}

  static Replay of(History history, ExecutionRecord record, int at) {
    String id = record.executionId();
    Optional<ExecutionInput> input = history.queries().details(id).map(ExecutionDetails::input);
    List<StepRecord> steps = history.queries().steps(id);
    List<Event> events = new ArrayList<>();
    add(events, record.createdAt(), "Created.", -1, "");
    add(events, record.startedAt(), "Begun.", -1, "");
    List<StepAttemptRecord> attempts = history.queries().attempts(id);
    for (StepAttemptRecord attempt : attempts) {
      String step = step(input, steps, attempt.stepIndex());
      String which =
          switch (attempt.action()) {
            case PERFORM -> "";
            case BEGIN -> " (begin)";
            case START -> " (start)";
            case STOP -> " (stop)";
          };
      add(
          events,
          attempt.startedAt(),
          step + which + ": attempt " + attempt.attempt() + " begins.",
          attempt.stepIndex(),
          StepStatus.RUNNING.wireValue());
      add(
          events,
          attempt.endedAt(),
          step
              + which
              + ": attempt "
              + attempt.attempt()
              + " "
              + attempt.outcome()
              + (attempt.errorMessage() == null ? "." : ": " + attempt.errorMessage()),
          attempt.stepIndex(),
          "");
    }
    for (StepRecord step : steps) {
      add(
          events,
          step.endTime(),
          step(input, steps, step.stepIndex()) + ": " + step.status() + ".",
          step.stepIndex(),
          step.status().wireValue());
    }
    for (DecisionRecord asked : history.queries().decisions(id)) {
      add(events, asked.openedAt(), "Asked: " + asked.question().text(), -1, "");
    }
    for (AuditEntry entry : history.queries().audit(id)) {
      add(
          events,
          entry.at(),
          entry.who() + ": " + entry.what() + (entry.reason() == null ? "" : ": " + entry.reason()),
          -1,
          "");
    }
    add(events, record.completedAt(), "Ended: " + record.status() + ".", -1, "");
    events.sort(Comparator.comparing(Event::when));
    int shown = Math.min(at, events.size() - 1);
    return new Replay(
        ExecutionSummary.of(history, record),
        shown,
        events,
        standings(input, steps, events.subList(0, shown + 1), shown == events.size() - 1));
  }

  private static void add(
      List<Event> events,
      @org.jspecify.annotations.Nullable Instant when,
      String text,
      int stepIndex,
      String leadsTo) {
    if (when != null) {
      events.add(new Event(when, Texts.localTime(when), text, stepIndex, leadsTo));
    }
  }

  private static String step(
      Optional<ExecutionInput> input, List<StepRecord> steps, int stepIndex) {
    return "Step "
        + StepModel.path(input, stepIndex)
        + (stepIndex < steps.size() ? " (" + steps.get(stepIndex).name() + ")" : "");
  }

  private static List<Standing> standings(
      Optional<ExecutionInput> input, List<StepRecord> steps, List<Event> passed, boolean isLast) {
    Map<Integer, String> standing = new HashMap<>();
    for (Event event : passed) {
      if (event.stepIndex() >= 0 && !event.leadsTo().isEmpty()) {
        standing.put(event.stepIndex(), event.leadsTo());
      }
    }
    return steps.stream()
        .map(
            step -> {
              String status =
                  isLast
                      ? step.status().wireValue()
                      : standing.getOrDefault(step.stepIndex(), StepStatus.PENDING.wireValue());
              return new Standing(
                  StepModel.path(input, step.stepIndex()),
                  step.name(),
                  status,
                  StepModel.icon(StepStatus.ofWireValue(status)));
            })
        .toList();
  }
}
