package org.cellos.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.cellos.domain.Choice;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.Item;
import org.cellos.domain.MaterialLine;
import org.cellos.domain.Minutes;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRecord;
import org.cellos.domain.Usd;
import org.cellos.rehearsal.RehearsalReport.Conflict;
import org.cellos.rehearsal.RehearsalReport.Day;
import org.cellos.rehearsal.RehearsalReport.Decision;
import org.cellos.rehearsal.RehearsalReport.InjectedFault;
import org.cellos.store.ExecutionQueries;

/** Reads out of the mirror and the bench what came of a rehearsal. Used once. */
final class Findings {
  /** Less than this is not worth a person's attention. */
  private static final Duration NOTICEABLE = Duration.ofMinutes(1);

  private static final double HUNDREDTHS = 100;

  private final ResolvedProtocol protocol;
  private final RehearsalRequest request;
  private final ExecutionRecord record;
  private final List<StepRecord> performed;
  private final List<DecisionRecord> decisions;
  private final Bench bench;

  Findings(
      ResolvedProtocol protocol,
      RehearsalRequest request,
      ExecutionQueries queries,
      String executionId,
      Bench bench) {
    this.protocol = protocol;
    this.request = request;
    this.record = queries.find(executionId).orElseThrow();
    this.performed = queries.steps(executionId);
    this.decisions = queries.decisions(executionId);
    this.bench = bench;
  }

  RehearsalReport report() {
    LocalDateTime end = onTheWall(Objects.requireNonNull(record.completedAt()));
    return new RehearsalReport(
        request.seed(),
        request.faults(),
        request.begin(),
        end,
        protocol.operation(),
        protocol.cellLine(),
        protocol.vesselId(),
        record.status(),
        record.errorMessage(),
        minutes(Duration.between(request.begin(), end)),
        protocol.durationMinutes(),
        days(end),
        faults(),
        conflicts(),
        decisions.stream().filter(asked -> !asked.isOpen()).map(this::decision).toList(),
        protocol.materialCostUsd(),
        protocol.instrumentCostUsd(),
        protocol.billOfMaterials(),
        repeatedMaterials(),
        repeatedCost(),
        protocol.warnings());
  }

  /** A step that has begun, with how late it was. */
  private record Begun(Step step, LocalDateTime at, Duration late) {}

  private List<Begun> begun() {
    List<Begun> begun = new ArrayList<>();
    LocalDateTime planned = request.begin();
    for (Step step : protocol.steps()) {
      Instant start = performed.get(step.stepIndex()).startTime();
      if (start != null) {
        LocalDateTime at = onTheWall(start);
        begun.add(new Begun(step, at, Duration.between(planned, at)));
      }
      planned = planned.plus(Minutes.toDuration(step.unitOp().durationMinutes()));
    }
    return begun;
  }

  private List<Day> days(LocalDateTime end) {
    Map<LocalDate, List<Begun>> byDate =
        begun().stream().collect(Collectors.groupingBy(step -> step.at().toLocalDate()));
    List<Day> days = new ArrayList<>();
    for (LocalDate date = request.begin().toLocalDate();
        !date.isAfter(end.toLocalDate());
        date = date.plusDays(1)) {
      days.add(day(days.size() + 1, date, byDate.getOrDefault(date, List.of())));
    }
    return days;
  }

  private static Day day(int number, LocalDate date, List<Begun> steps) {
    if (steps.isEmpty()) {
      return new Day(number, date, 0, null, null, 0);
    }
    Begun last = steps.get(steps.size() - 1);
    return new Day(number, date, steps.size(), steps.get(0).at(), last.at(), minutes(last.late()));
  }

  private List<InjectedFault> faults() {
    List<InjectedFault> faults = new ArrayList<>();
    bench
        .struck()
        .forEach(
            (fault, at) -> {
              Step step = protocol.steps().get(fault.stepIndex());
              faults.add(
                  new InjectedFault(
                      step.path(), step.name(), fault.kind(), onTheWall(at), fault.text()));
            });
    return faults;
  }

  private List<Conflict> conflicts() {
    List<Conflict> conflicts = new ArrayList<>();
    Map<Integer, Duration> overdue = bench.overdue();
    Duration known = Duration.ZERO;
    for (Begun begun : begun()) {
      if (begun.late().minus(known).compareTo(NOTICEABLE) >= 0) {
        conflicts.add(conflict(begun.step(), Conflict.Kind.LATE, begun.at(), begun.late()));
        known = begun.late();
      }
      decisions.stream()
          .filter(asked -> asked.question().stepIndex() == begun.step().stepIndex())
          .map(asked -> onTheWall(asked.openedAt()))
          .filter(at -> !RehearsingPerson.isAtWork(at))
          .map(at -> conflict(begun.step(), Conflict.Kind.OUT_OF_HOURS, at, Duration.ZERO))
          .forEach(conflicts::add);
      Duration late = overdue.getOrDefault(begun.step().stepIndex(), Duration.ZERO);
      if (late.compareTo(NOTICEABLE) >= 0) {
        conflicts.add(
            conflict(
                begun.step(),
                Conflict.Kind.OVERDUE,
                begun.at().plus(Minutes.toDuration(begun.step().unitOp().durationMinutes())),
                late));
      }
    }
    return conflicts;
  }

  private static Conflict conflict(
      Step step, Conflict.Kind kind, LocalDateTime at, Duration duration) {
    return new Conflict(step.path(), step.name(), kind, at, minutes(duration));
  }

  private Decision decision(DecisionRecord asked) {
    Instant decidedAt = Objects.requireNonNull(asked.decidedAt());
    return new Decision(
        protocol.steps().get(asked.question().stepIndex()).path(),
        asked.question().action(),
        asked.question().text(),
        onTheWall(asked.openedAt()),
        Choice.ofWireValue(Objects.requireNonNull(asked.choice())),
        asked.amountMillilitres(),
        onTheWall(decidedAt),
        minutes(Duration.between(asked.openedAt(), decidedAt)));
  }

  /** To put a vessel in or take it out once more uses nothing. */
  private List<Step> repeated() {
    return decisions.stream()
        .filter(asked -> Choice.AGAIN.wireValue().equals(asked.choice()))
        .filter(asked -> asked.question().action() == StepAction.PERFORM)
        .map(asked -> protocol.steps().get(asked.question().stepIndex()))
        .toList();
  }

  private Usd repeatedCost() {
    return repeated().stream()
        .map(Step::unitOp)
        .map(unitOp -> unitOp.materialCostUsd().plus(unitOp.instrumentCostUsd()))
        .reduce(Usd.ZERO, Usd::plus);
  }

  private List<MaterialLine> repeatedMaterials() {
    Map<String, Double> quantities = new LinkedHashMap<>();
    repeated().stream()
        .flatMap(step -> step.unitOp().items().stream())
        .forEach((Item item) -> quantities.merge(item.resourceId(), item.quantity(), Double::sum));
    List<MaterialLine> lines = new ArrayList<>();
    for (MaterialLine planned : protocol.billOfMaterials()) {
      Double quantity = quantities.remove(planned.resourceId());
      if (quantity != null) {
        lines.add(line(planned, quantity));
      }
    }
    return lines;
  }

  private static MaterialLine line(MaterialLine planned, double quantity) {
    Usd price = planned.unitPriceUsd();
    return new MaterialLine(
        planned.resourceId(),
        planned.name(),
        quantity,
        planned.unit(),
        price,
        price == null ? null : price.times(quantity),
        planned.kind());
  }

  /** The wall shows what the clock says, wherever this is. */
  static LocalDateTime onTheWall(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static double minutes(Duration duration) {
    return Math.round(Minutes.of(duration) * HUNDREDTHS) / HUNDREDTHS;
  }
}
