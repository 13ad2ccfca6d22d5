package org.cellos.domain;

/**
 * Which execution is done once more.
 *
 * @param executionId the former one
 * @param fromStep the first step that is done again, from 0; those before it count as done
 */
public record RerunOf(String executionId, int fromStep) {
  public RerunOf {
    if (fromStep < 0) {
      throw new IllegalArgumentException("from_step must be 0 or more, not " + fromStep);
    }
  }
}
