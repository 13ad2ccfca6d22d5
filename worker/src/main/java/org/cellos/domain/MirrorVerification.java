package org.cellos.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * How a mirror compares with Temporal's histories.
 *
 * @param compared how many executions were compared
 * @param differences what should be otherwise; empty if nothing
 * @param notCompared executions that could not be
 * @param problems what was left out of the histories, one sentence each
 */
public record MirrorVerification(
    int compared,
    List<MirrorDifference> differences,
    List<NotCompared> notCompared,
    List<String> problems) {

  public MirrorVerification {
    differences = List.copyOf(differences);
    notCompared = List.copyOf(notCompared);
    problems = List.copyOf(problems);
  }

  /**
   * @param reason why it was not compared
   */
  public record NotCompared(String executionId, Reason reason, String explanation) {}

  /** Why an execution was not compared. */
  public enum Reason {
    HISTORY_GONE,
    OTHER_ENGINE,
    OTHER_PROGRAM,
    UNREADABLE
  }

  public static MirrorVerification nothing() {
    return new MirrorVerification(0, List.of(), List.of(), List.of());
  }

  /** Both together. */
  public MirrorVerification plus(MirrorVerification other) {
    return new MirrorVerification(
        compared + other.compared,
        joined(differences, other.differences),
        joined(notCompared, other.notCompared),
        joined(problems, other.problems));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
