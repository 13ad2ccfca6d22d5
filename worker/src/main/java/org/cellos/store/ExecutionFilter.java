package org.cellos.store;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.ExecutionStatus;

/**
 * Which executions to list, in which order, and from where on.
 *
 * @param statuses only these; empty for all
 * @param cellLine only those of this line, in any case
 * @param vesselId only those of this vessel, in any case
 * @param operationType only those of this operation, in any case
 * @param createdFrom only those created then or later
 * @param createdBefore only those created earlier
 * @param search text that must occur in id, protocol name, cell line, vessel, operation, error or
 *     metadata; upper and lower case count as the same
 * @param order which come first
 * @param after the last one of the page before
 * @param limit 1 to 1000
 */
public record ExecutionFilter(
    Set<ExecutionStatus> statuses,
    Optional<String> cellLine,
    Optional<String> vesselId,
    Optional<String> operationType,
    Optional<Instant> createdFrom,
    Optional<Instant> createdBefore,
    Optional<String> search,
    Order order,
    Optional<Place> after,
    int limit) {
  public static final int DEFAULT_LIMIT = 100;

  private static final int MOST = 1000;

  /** Which executions come first. */
  public enum Order {
    /** By the time of their creation. */
    NEWEST,
    /** By the time of their creation. */
    OLDEST,
    /** By the time from begin to end; only those that have ended. */
    LONGEST,
    /** By the time from begin to end; only those that have ended. */
    SHORTEST
  }

  /**
   * Where a page ends.
   *
   * @param key what its last execution is ordered by
   * @param executionId that execution
   */
  public record Place(String key, String executionId) {
    private static final String BETWEEN = "~";

    /** A text for addresses. */
    public String encode() {
      return key + BETWEEN + executionId;
    }

    /**
     * @throws IllegalArgumentException if no {@link #encode} has made it
     */
    public static Place decode(String text) {
      int between = text.indexOf(BETWEEN);
      if (between < 1 || between == text.length() - 1) {
        throw new IllegalArgumentException("'" + text + "' is not the end of a page");
      }
      return new Place(text.substring(0, between), text.substring(between + 1));
    }
  }

  public ExecutionFilter {
    statuses = Set.copyOf(statuses);
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("limit must be from 1 to " + MOST + ", not " + limit);
    }
    boolean isByDuration = order == Order.LONGEST || order == Order.SHORTEST;
    if (isByDuration && after.isPresent() && !after.get().key().matches("-?[0-9.E-]{1,30}")) {
      throw new IllegalArgumentException(
          "'" + after.get().encode() + "' is not the end of a page in this order");
    }
  }

  /** Newest first. */
  public ExecutionFilter(Optional<ExecutionStatus> status, Optional<String> search, int limit) {
    this(
        status.map(Set::of).orElseGet(Set::of),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        search,
        Order.NEWEST,
        Optional.empty(),
        limit);
  }

  public static ExecutionFilter all() {
    return new ExecutionFilter(Optional.empty(), Optional.empty(), DEFAULT_LIMIT);
  }

  public static ExecutionFilter withStatus(ExecutionStatus status) {
    return new ExecutionFilter(Optional.of(status), Optional.empty(), DEFAULT_LIMIT);
  }

  /** The same from another place on, and with another limit. */
  public ExecutionFilter page(Optional<Place> newAfter, int newLimit) {
    return new ExecutionFilter(
        statuses,
        cellLine,
        vesselId,
        operationType,
        createdFrom,
        createdBefore,
        search,
        order,
        newAfter,
        newLimit);
  }

  /** The same, whatever the status. */
  ExecutionFilter withoutStatuses() {
    return new ExecutionFilter(
        Set.of(),
        cellLine,
        vesselId,
        operationType,
        createdFrom,
        createdBefore,
        search,
        order,
        after,
        limit);
  }
}
