package org.cellos.activity;

import java.util.Optional;
import org.cellos.store.AttemptKey;
import org.cellos.store.ExecutionRecorder;
import org.cellos.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in the mirror whether the instrument of one attempt has paused by itself. What cannot be
 * written is tried again when it is said again: the instrument does not wait for a disk. Used by
 * the thread that performs the attempt.
 */
final class InstrumentHold {
  private static final Logger log = LoggerFactory.getLogger(InstrumentHold.class);

  private final ExecutionRecorder recorder;
  private final AttemptKey attempt;
  private final String worker;

  private Optional<String> recorded = Optional.empty();

  /** An attempt before may have recorded what does not hold any more. */
  private boolean isRecorded;

  InstrumentHold(ExecutionRecorder recorder, AttemptKey attempt, String worker) {
    this.recorder = recorder;
    this.attempt = attempt;
    this.worker = worker;
  }

  /**
   * @param reason empty if the instrument goes on
   */
  void says(Optional<String> reason) {
    if (isRecorded && reason.equals(recorded)) {
      return;
    }
    try {
      if (reason.isPresent()) {
        recorder.attemptHeld(attempt, worker, reason.get());
      } else {
        recorder.attemptGoesOn(attempt, worker);
      }
      recorded = reason;
      isRecorded = true;
    } catch (StoreException e) {
      log.warn("What the instrument of {} says could not be mirrored yet", attempt, e);
    }
  }
}
