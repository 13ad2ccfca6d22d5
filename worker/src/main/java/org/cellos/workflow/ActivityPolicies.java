package org.cellos.workflow;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import java.time.Duration;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ErrorCode;

/** How long activities may take and how often they are repeated; all of it stands here. */
final class ActivityPolicies {
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(15);

  /** A hung handler is ended after a day beyond its expected time; a dead worker far sooner. */
  private static final Duration SLACK = Duration.ofHours(24);

  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private ActivityPolicies() {}

  /** Records are idempotent and are written sooner or later: repeated without limit. */
  static LocalActivityOptions records() {
    return LocalActivityOptions.newBuilder()
        .setStartToCloseTimeout(Duration.ofSeconds(30))
        .setRetryOptions(
            RetryOptions.newBuilder()
                .setInitialInterval(Duration.ofMillis(100))
                .setMaximumInterval(Duration.ofSeconds(5))
                // A local activity without a number here is not repeated at all.
                .setMaximumAttempts(Integer.MAX_VALUE)
                .setDoNotRetry(ErrorCode.ID_IN_USE.wireValue())
                .build())
        .setDoNotIncludeArgumentsIntoMarker(true)
        .build();
  }

  static LocalActivityOptions records(String summary) {
    return LocalActivityOptions.newBuilder(records()).setSummary(summary).build();
  }

  /** The same step as a regular activity, which ends the workflow task: see the workflow's loop. */
  static ActivityOptions dryRunBetweenChunks(String summary) {
    return ActivityOptions.newBuilder()
        .setStartToCloseTimeout(Duration.ofSeconds(30))
        .setSummary(summary)
        .build();
  }

  /**
   * @param expected how long the activity itself should take
   */
  static ActivityOptions step(EffectClass effectClass, Duration expected, String summary) {
    return ActivityOptions.newBuilder()
        .setStartToCloseTimeout(SLACK.plus(expected))
        .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
        .setRetryOptions(
            RetryOptions.newBuilder()
                .setInitialInterval(Duration.ofSeconds(1))
                .setMaximumInterval(Duration.ofMinutes(1))
                .setMaximumAttempts(mostAttempts(effectClass))
                .build())
        .setSummary(summary)
        .build();
  }

  /** What only waits moves nothing: repeated without limit, by whichever worker lives. */
  static ActivityOptions waiting(String summary) {
    return ActivityOptions.newBuilder()
        .setStartToCloseTimeout(LONGEST_WAIT)
        .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
        .setRetryOptions(
            RetryOptions.newBuilder()
                .setInitialInterval(Duration.ofSeconds(1))
                .setMaximumInterval(Duration.ofSeconds(5))
                .build())
        .setSummary(summary)
        .build();
  }

  private static int mostAttempts(EffectClass effectClass) {
    return switch (effectClass) {
      case NONE, IDEMPOTENT -> 5;
      // An attempt more finds what an attempt before has begun: a worker that dies costs one each.
      case REATTACHABLE -> 100;
      case ONCE -> 1;
    };
  }
}
