package org.cellos.domain;

/** Keys of what a step says of itself while it is under way, which Temporal keeps. */
public final class Progress {
  /** One line for people. */
  public static final String TEXT = "progress";

  /** True while no program has taken the step up: somebody may have to start one. */
  public static final String UNATTENDED = "unattended";

  private Progress() {}
}
