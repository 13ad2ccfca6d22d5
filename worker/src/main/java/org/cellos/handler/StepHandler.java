package org.cellos.handler;

import java.util.Map;
import org.cellos.domain.Parameters;

/**
 * Performs the steps of an operation type in one call.
 *
 * <p>Called from several threads at once, for different steps. With {@code instruments} {@code
 * virtual} it must not move anything real; one that does says so with {@code "mode": "hardware"} in
 * its result.
 *
 * <p>When the execution is cancelled, the calling thread is interrupted. A handler that stops its
 * instrument then, and is certain of it, throws {@link StoppedStepException}; one that has ended
 * anyway returns its result. After any other exception a person is asked, unless the handler's
 * effects may be repeated: the instrument could still be moving.
 */
@FunctionalInterface
public interface StepHandler {

  /**
   * @return what was done, as JSON values without nulls; {@code "status": "error"} in it means that
   *     the step has failed, with {@code "error"} or {@code "message"} as the reason
   * @throws PermanentStepException when another attempt cannot help
   * @throws StoppedStepException when a cancel has stopped it
   * @throws Exception when the step has failed; its message is shown to people
   */
  Map<String, ?> perform(StepContext step) throws Exception;

  /**
   * Refuses parameters that the handler could not work with, before anything is moved.
   *
   * @throws org.cellos.domain.ParameterException naming the key
   */
  default void verify(Parameters parameters) {}
}
