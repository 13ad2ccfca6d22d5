package org.cellos.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects everything that is wrong, so that a person mends a file once. Not thread-safe. */
final class Problems {
  /** A file with more is another kind of file, and looking on would take long. */
  private static final int MOST = 100;

  private final List<Problem> problems = new ArrayList<>();

  /**
   * @throws ProtocolException with those so far, when there are too many to go on
   */
  void add(Problem problem) {
    problems.add(problem);
    if (problems.size() == MOST) {
      problems.add(Problem.of("there may be more: only the first " + MOST + " are listed"));
      throw new ProtocolException(problems);
    }
  }

  int count() {
    return problems.size();
  }

  /** Does what may be refused, so that reading goes on to the next problem. */
  <T> Optional<T> collect(Supplier<T> action) {
    try {
      return Optional.of(action.get());
    } catch (ProtocolException e) {
      e.problems().forEach(this::add);
      return Optional.empty();
    }
  }

  /**
   * @throws ProtocolException with all of them, if there are any
   */
  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ProtocolException(problems);
    }
  }
}
