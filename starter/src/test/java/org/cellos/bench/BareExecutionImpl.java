package org.cellos.bench;

import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.cellos.domain.StepRequest;

/** See {@link BareExecution}. */
public final class BareExecutionImpl implements BareExecution {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final BareActivities local =
      Workflow.newLocalActivityStub(
          BareActivities.class,
          LocalActivityOptions.newBuilder()
              .setStartToCloseTimeout(TIMEOUT)
              .setDoNotIncludeArgumentsIntoMarker(true)
              .build());
  private final BareActivities regular =
      Workflow.newActivityStub(
          BareActivities.class,
          ActivityOptions.newBuilder().setStartToCloseTimeout(TIMEOUT).build());

  private boolean begun;

  @Override
  public void perform(List<StepRequest> steps, boolean isLocal, boolean waits) {
    Workflow.await(() -> begun || !waits);
    BareActivities activities = isLocal ? local : regular;
    for (StepRequest step : steps) {
      activities.step(step);
    }
  }

  @Override
  public void begin() {
    begun = true;
  }
}
