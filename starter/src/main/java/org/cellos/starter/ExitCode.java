package org.cellos.starter;

import org.cellos.domain.ExecutionStatus;

/** What the process says with its exit code; scripts rely on these numbers. */
enum ExitCode {
  OK(0),
  EXECUTION_FAILED(1),
  BAD_INPUT(2),
  NOT_FOUND(3),
  CANCELLED(4),
  NO_ENGINE(5),
  WAITING_FOR_PERSON(6),
  DEFECT(70),
  TIMED_OUT(124),
  INTERRUPTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** What an execution that has ended, or waits, says. */
  static ExitCode of(ExecutionStatus status) {
    return switch (status) {
      case COMPLETED -> OK;
      case FAILED -> EXECUTION_FAILED;
      case CANCELLED -> CANCELLED;
      case PENDING, RUNNING, PAUSED -> WAITING_FOR_PERSON;
    };
  }

  int number() {
    return number;
  }
}
