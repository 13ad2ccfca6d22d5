package org.cellos.activity;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Work in a thread of its own that runs only while its owner waits for it: of an owner and all its
 * fibers exactly one runs at any time, so what happens depends on nothing but the owner's choices.
 */
final class Fiber {
  private final Semaphore mayRun = new Semaphore(0);
  private final Semaphore hasStopped = new Semaphore(0);
  private boolean over;

  Fiber(Executor threads, Runnable work) {
    threads.execute(
        () -> {
          mayRun.acquireUninterruptibly();
          try {
            work.run();
          } finally {
            over = true;
            hasStopped.release();
          }
        });
  }

  /** Called by the owner: lets the work go on until it pauses or is over. */
  void resume() {
    mayRun.release();
    hasStopped.acquireUninterruptibly();
  }

  /** Called by the work: lets the owner go on. */
  void pause() {
    hasStopped.release();
    mayRun.acquireUninterruptibly();
  }

  boolean isOver() {
    return over;
  }
}
