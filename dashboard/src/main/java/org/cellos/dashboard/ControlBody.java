package org.cellos.dashboard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of everything that is asked of an execution; each address says which of it it reads.
 *
 * @param by who asks; 1 to 100 characters
 * @param reason why
 * @param requestId the same for every repetition of one request: it has one effect
 * @param stepIndex from 0
 * @param atOnce with pause: interrupt the step under way
 * @param changes with edit: new values of parameters
 * @param text with note: what is kept
 * @param choice with answer: {@code done}, {@code partly}, {@code again}, {@code go-on}, {@code
 *     skip} or {@code abort}
 * @param amountMl with answer: how many mL were moved
 * @param dryRun with begin and rerun: true (default) to call nothing
 * @param confirmed with begin and rerun: a second yes, where it is not simulated
 * @param fromStep with rerun: the first step to do again, from 0 (default)
 * @param wells with rerun, where a robot was stopped in the middle of a plate: {@code rest} or
 *     {@code all}
 * @param executionId with rerun: an id of the caller's own for the new execution
 */
public record ControlBody(
    @Nullable String by,
    @Nullable String reason,
    @Nullable String requestId,
    @Nullable Integer stepIndex,
    @Nullable Boolean atOnce,
    @Nullable Map<String, Object> changes,
    @Nullable String text,
    @Nullable String choice,
    @Nullable Double amountMl,
    @Nullable Boolean dryRun,
    @Nullable Boolean confirmed,
    @Nullable Integer fromStep,
    @Nullable String wells,
    @Nullable String executionId) {

  Person person() {
    return Person.of(by, reason, requestId);
  }

  int requiredStep() {
    if (stepIndex == null) {
      throw RequestException.badRequest("step_index", "'step_index' is missing.");
    }
    return stepIndex;
  }

  boolean isDryRun() {
    return !Boolean.FALSE.equals(dryRun);
  }

  boolean isConfirmed() {
    return Boolean.TRUE.equals(confirmed);
  }
}
