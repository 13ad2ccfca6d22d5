package org.cellos.protocol;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A protocol or its facts cannot be used. The message says everything that is wrong: one line for
 * one problem, else a line each.
 */
public class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  ProtocolException(List<Problem> problems) {
    super(messageOf(problems));
    this.problems = List.copyOf(problems);
  }

  ProtocolException(String message) {
    this(List.of(Problem.of(message)));
  }

  /** At least one. */
  public List<Problem> problems() {
    return problems;
  }

  private static String messageOf(List<Problem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("a protocol exception needs a problem");
    }
    if (problems.size() == 1) {
      return problems.get(0).toString();
    }
    return problems.stream()
        .map(problem -> "\n  " + problem)
        .collect(Collectors.joining("", problems.size() + " problems:", ""));
  }
}
