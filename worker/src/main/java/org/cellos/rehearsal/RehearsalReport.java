package org.cellos.rehearsal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.cellos.domain.Choice;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.MaterialLine;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.StepAction;
import org.cellos.domain.Usd;
import org.jspecify.annotations.Nullable;

/**
 * What came of a rehearsal. Times are those of the simulated clock on the wall, lengths of time are
 * in minutes, to the hundredth.
 *
 * @param seed with the next two and the protocol, all that is needed to get the same report
 * @param faults how many faults were asked for, on average
 * @param begin when it began
 * @param end when it ended, however it ended
 * @param operation the protocol's name
 * @param cellLine null where the protocol needs none
 * @param vesselId null where the protocol needs none
 * @param status completed or failed
 * @param error null unless it failed
 * @param durationMinutes from begin to end
 * @param plannedMinutes how long it lasts if nothing goes wrong
 * @param days every day of the calendar that it took
 * @param injectedFaults what was made to go wrong, in the order of time
 * @param conflicts what that led to, in the order of the steps
 * @param decisions what a person was asked, in the order of asking
 * @param materialCostUsd of the plan
 * @param instrumentCostUsd of the plan
 * @param billOfMaterials of the plan
 * @param repeatedMaterials what steps used that were done again
 * @param repeatedCostUsd what that costs, instruments included
 * @param warnings those of the resolved protocol
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RehearsalReport(
    long seed,
    int faults,
    LocalDateTime begin,
    LocalDateTime end,
    String operation,
    @Nullable String cellLine,
    @Nullable String vesselId,
    ExecutionStatus status,
    @Nullable String error,
    double durationMinutes,
    double plannedMinutes,
    List<Day> days,
    List<InjectedFault> injectedFaults,
    List<Conflict> conflicts,
    List<Decision> decisions,
    Usd materialCostUsd,
    Usd instrumentCostUsd,
    List<MaterialLine> billOfMaterials,
    List<MaterialLine> repeatedMaterials,
    Usd repeatedCostUsd,
    List<ProtocolWarning> warnings) {

  public RehearsalReport {
    days = List.copyOf(days);
    injectedFaults = List.copyOf(injectedFaults);
    conflicts = List.copyOf(conflicts);
    decisions = List.copyOf(decisions);
    billOfMaterials = List.copyOf(billOfMaterials);
    repeatedMaterials = List.copyOf(repeatedMaterials);
    warnings = List.copyOf(warnings);
  }

  /**
   * One day of the calendar.
   *
   * @param day from 1
   * @param date which one
   * @param steps how many steps began on it
   * @param first when the first of them began; null where none did
   * @param last when the last of them began; null where none did
   * @param lateMinutes by how much that one was later than planned; 0 where none began
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Day(
      int day,
      LocalDate date,
      int steps,
      @Nullable LocalDateTime first,
      @Nullable LocalDateTime last,
      double lateMinutes) {}

  /**
   * Something that was made to go wrong.
   *
   * @param path which step, as people count
   * @param step its name
   * @param kind what went wrong
   * @param at when
   * @param text one sentence
   */
  public record InjectedFault(
      String path, String step, FaultKind kind, LocalDateTime at, String text) {}

  /**
   * A step that was not as planned.
   *
   * @param path which step, as people count
   * @param step its name
   * @param kind what was not as planned
   * @param at when
   * @param minutes by how much; 0 for what has no measure
   */
  public record Conflict(String path, String step, Kind kind, LocalDateTime at, double minutes) {
    /** What was not as planned. */
    public enum Kind {
      /** It began later than planned, and by more than the steps before. */
      LATE("late"),
      /** Its vessel came out later than it should have. */
      OVERDUE("overdue"),
      /** It needed a person outside of the working hours, 08 to 18 o'clock. */
      OUT_OF_HOURS("out_of_hours");

      private final String wireValue;

      Kind(String wireValue) {
        this.wireValue = wireValue;
      }

      /** The lower-case word of JSON. */
      @JsonValue
      public String wireValue() {
        return wireValue;
      }

      @Override
      public String toString() {
        return wireValue;
      }
    }
  }

  /**
   * What a person was asked, and what the rehearsing person answered.
   *
   * @param path which step, as people count
   * @param action which part of it
   * @param question one or two sentences
   * @param askedAt when
   * @param choice the answer
   * @param amountMl how much was moved; null where nobody said
   * @param answeredAt when
   * @param minutes how long that took
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Decision(
      String path,
      StepAction action,
      String question,
      LocalDateTime askedAt,
      Choice choice,
      @Nullable Double amountMl,
      LocalDateTime answeredAt,
      double minutes) {}
}
