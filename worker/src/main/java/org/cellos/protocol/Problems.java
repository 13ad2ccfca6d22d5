package org.cellos.protocol;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong, so that a person mends a file once. Not thread-safe. */
final class Problems {
  /** A file with more is another kind of file; the rest is counted, not listed. */
  private static final int MOST_LISTED = 100;

  private final List<Problem> problems = new ArrayList<>();
  private int unlisted;

  void add(Problem problem) {
    if (problems.size() < MOST_LISTED) {
      problems.add(problem);
    } else {
      unlisted++;
    }
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  /**
   * @throws ProtocolException with all of them, if there are any
   */
  void throwIfAny() {
    if (unlisted > 0) {
      problems.add(Problem.of("and " + unlisted + " more problems that are not listed"));
      unlisted = 0;
    }
    if (!problems.isEmpty()) {
      throw new ProtocolException(problems);
    }
  }
}
