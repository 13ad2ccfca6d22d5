package org.cellos.mirror;

import io.temporal.api.failure.v1.Failure;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.ActivityTaskStartedEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cellos.activity.LeaseActivities;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepRequest;
import org.cellos.domain.StepResult;
import org.cellos.mirror.Projection.Attempt;
import org.cellos.mirror.Projection.Try;
import org.cellos.store.AttemptKey;
import org.jspecify.annotations.Nullable;

/** Reads from a history which activities were asked for, and how their last attempts went. */
final class Tries {
  private final RunHistory run;
  private final Function<Throwable, StepFailure> failureOf;
  private final Map<Long, HistoryEvent> scheduled = new LinkedHashMap<>();
  private final Map<Long, HistoryEvent> started = new HashMap<>();
  private final Map<Long, HistoryEvent> ended = new HashMap<>();

  private Tries(RunHistory run, Function<Throwable, StepFailure> failureOf) {
    this.run = run;
    this.failureOf = failureOf;
  }

  static List<Try> of(RunHistory run, Function<Throwable, StepFailure> failureOf) {
    Tries tries = new Tries(run, failureOf);
    run.events().forEach(tries::see);
    return tries.all();
  }

  private void see(HistoryEvent event) {
    switch (event.getEventType()) {
      case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> {
        if (!type(event).equals(LeaseActivities.WAIT)) {
          scheduled.put(event.getEventId(), event);
        }
      }
      case EVENT_TYPE_ACTIVITY_TASK_STARTED ->
          started.put(event.getActivityTaskStartedEventAttributes().getScheduledEventId(), event);
      case EVENT_TYPE_ACTIVITY_TASK_COMPLETED ->
          ended.put(event.getActivityTaskCompletedEventAttributes().getScheduledEventId(), event);
      case EVENT_TYPE_ACTIVITY_TASK_FAILED ->
          ended.put(event.getActivityTaskFailedEventAttributes().getScheduledEventId(), event);
      case EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT ->
          ended.put(event.getActivityTaskTimedOutEventAttributes().getScheduledEventId(), event);
      case EVENT_TYPE_ACTIVITY_TASK_CANCELED ->
          ended.put(event.getActivityTaskCanceledEventAttributes().getScheduledEventId(), event);
      default -> {
        // Nothing about activities.
      }
    }
  }

  private static String type(HistoryEvent scheduled) {
    return scheduled.getActivityTaskScheduledEventAttributes().getActivityType().getName();
  }

  private List<Try> all() {
    List<Try> all = new ArrayList<>();
    scheduled.forEach(
        (id, event) -> {
          ActivityTaskScheduledEventAttributes asked =
              event.getActivityTaskScheduledEventAttributes();
          EffectKey effect = EffectKey.of(run.value(asked.getInput(), StepRequest.class));
          all.add(
              new Try(
                  new AttemptKey(effect, run.writerOf(id), asked.getActivityId(), 1),
                  RunHistory.time(event),
                  attempt(effect, asked.getActivityId(), id, started.get(id), ended.get(id))));
        });
    return all;
  }

  private @Nullable Attempt attempt(
      EffectKey effect,
      String activityId,
      long eventId,
      @Nullable HistoryEvent start,
      @Nullable HistoryEvent end) {
    if (start == null) {
      return null;
    }
    ActivityTaskStartedEventAttributes attributes = start.getActivityTaskStartedEventAttributes();
    return new Attempt(
        new AttemptKey(effect, run.writerOf(eventId), activityId, attributes.getAttempt()),
        attributes.getIdentity(),
        RunHistory.time(start),
        end == null ? null : RunHistory.time(end),
        end == null ? null : outcome(end));
  }

  private @Nullable StepOutcome outcome(HistoryEvent end) {
    return switch (end.getEventType()) {
      case EVENT_TYPE_ACTIVITY_TASK_COMPLETED ->
          new StepOutcome.Completed(
              run.value(end.getActivityTaskCompletedEventAttributes().getResult(), StepResult.class)
                  .values());
      case EVENT_TYPE_ACTIVITY_TASK_FAILED ->
          failed(end.getActivityTaskFailedEventAttributes().getFailure());
      case EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT ->
          failed(end.getActivityTaskTimedOutEventAttributes().getFailure());
      case EVENT_TYPE_ACTIVITY_TASK_CANCELED ->
          new StepOutcome.Failed(new StepFailure(ErrorCode.CANCELLED, "Cancelled."));
      default -> null;
    };
  }

  private StepOutcome failed(Failure failure) {
    return new StepOutcome.Failed(failureOf.apply(run.converter().failureToException(failure)));
  }
}
