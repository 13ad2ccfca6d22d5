package org.cellos.domain;

import java.util.List;
import java.util.ServiceLoader;

/**
 * Moments at which a crash does most harm. Nothing happens there in this program; tests put an
 * {@link Observer} on the class path that kills the process.
 */
public enum FaultPoint {
  /** The intent is in the ledger, the instrument knows nothing. */
  AFTER_INTENT,
  /** The instrument has been told, and has not acted yet. */
  AFTER_SEND,
  /** The instrument has acted, and nobody has heard of it. */
  AFTER_EFFECT,
  /** The ledger has the outcome, Temporal has not. */
  BEFORE_REPLY,
  /** A robot has the protocol, and no run of it. */
  AFTER_UPLOAD,
  /** A robot has a run that nobody has played. */
  AFTER_RUN_CREATED,
  /** A robot has taken the play, and plays. */
  AFTER_PLAY,
  /** Rows are written, the transaction is not committed. */
  IN_MIRROR_TX;

  private static final List<Observer> OBSERVERS =
      ServiceLoader.load(Observer.class).stream().map(ServiceLoader.Provider::get).toList();

  /** Sees every passing of every point; found by {@link ServiceLoader}. */
  public interface Observer {
    void passing(FaultPoint point);
  }

  /** Says that the calling thread is at this point now. */
  public void pass() {
    for (Observer observer : OBSERVERS) {
      observer.passing(this);
    }
  }
}
