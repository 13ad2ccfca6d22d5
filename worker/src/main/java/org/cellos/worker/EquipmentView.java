package org.cellos.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.cellos.domain.Lease;
import org.cellos.json.Timestamps;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of what executions share, for commands and the REST interface.
 *
 * @param equipment robots first
 */
public record EquipmentView(List<UseView> equipment) {

  public static EquipmentView of(List<SharedEquipment.Use> uses) {
    return new EquipmentView(uses.stream().map(UseView::of).toList());
  }

  /**
   * A robot, or a kind of equipment.
   *
   * @param queue in the order in which it is their turn
   */
  public record UseView(
      String name, Map<String, Integer> places, List<LeaseView> inUseBy, List<LeaseView> queue) {
    static UseView of(SharedEquipment.Use use) {
      return new UseView(
          use.name(),
          use.places(),
          use.users().stream().map(LeaseView::of).toList(),
          use.queue().stream().map(LeaseView::of).toList());
    }
  }

  /** A place at it, or in the queue. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LeaseView(
      String executionId,
      String priority,
      String askedAt,
      @Nullable String grantedAt,
      @Nullable String unit) {
    static LeaseView of(Lease lease) {
      Instant grantedAt = lease.grantedAt();
      return new LeaseView(
          lease.executionId(),
          lease.priority().wireValue(),
          Timestamps.format(lease.askedAt()),
          grantedAt == null ? null : Timestamps.format(grantedAt),
          lease.unit());
    }
  }
}
