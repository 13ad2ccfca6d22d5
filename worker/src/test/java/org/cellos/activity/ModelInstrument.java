package org.cellos.activity;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cellos.domain.EffectKey;
import org.cellos.domain.StepAction;

/** An instrument that remembers every move, and whose outcome was written down. */
final class ModelInstrument {
  private final List<SimulatedAttempt> moves = new ArrayList<>();
  private final Set<SimulatedAttempt> written = new HashSet<>();
  private boolean running;
  private boolean movedLate;

  void move(SimulatedAttempt attempt) {
    moves.add(attempt);
    movedLate |= attempt.isGivenUp();
    if (attempt.key.action() != StepAction.PERFORM) {
      running = attempt.key.action() == StepAction.START;
    }
  }

  /** It stands still after an error of its start, which is what a handler says by throwing. */
  void fail(SimulatedAttempt attempt) {
    if (attempt.key.action() == StepAction.START) {
      running = false;
    }
  }

  void outcomeWritten(SimulatedAttempt attempt) {
    written.add(attempt);
  }

  boolean isWritten(SimulatedAttempt attempt) {
    return written.contains(attempt);
  }

  /** Whether a timed step is under way in it. */
  boolean isRunning() {
    return running;
  }

  /** Whether an attempt has moved it that Temporal had taken for lost. */
  boolean hasMovedLate() {
    return movedLate;
  }

  List<SimulatedAttempt> moves() {
    return List.copyOf(moves);
  }

  long moves(EffectKey key) {
    return moves.stream().filter(attempt -> attempt.key.equals(key)).count();
  }
}
