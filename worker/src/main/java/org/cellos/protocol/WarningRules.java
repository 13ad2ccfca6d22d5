package org.cellos.protocol;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.Volume;
import org.cellos.domain.WarningCode;

/** Finds, in what a protocol did to its containers, what a person should know before running it. */
final class WarningRules {
  /** Less than this stays above any pellet that is not to be disturbed. */
  private static final Volume HARMLESS_RESIDUE = Volume.ofMillilitres(0.5);

  /** A coated surface dries within minutes; laboratories plate at once. */
  private static final double HARMLESS_DRY_MINUTES = 5;

  private final Setup setup;
  private final CostRules costs;
  private final List<ProtocolWarning> warnings = new ArrayList<>();
  private boolean saidSerumFree;

  WarningRules(Setup setup, CostRules costs) {
    this.setup = setup;
    this.costs = costs;
  }

  /**
   * What one step did.
   *
   * @param stepIndex from 0
   * @param operation its type
   * @param minutes how long it takes
   * @param move the liquid it moved; empty for a step that moves none
   * @param liquid the word that the protocol uses for it; may be empty
   */
  record Event(
      int stepIndex,
      String operation,
      double minutes,
      Optional<Contents.Move> move,
      String liquid) {}

  /** In step order; those about the whole protocol last. */
  List<ProtocolWarning> warnings(List<Event> events, Contents atTheEnd, List<CostRules.Use> uses) {
    Set<String> implied = new LinkedHashSet<>(setup.template().impliedTubes());
    for (Event event : events) {
      if (event.move().isEmpty()) {
        continue;
      }
      Contents.Move move = event.move().get();
      if (implied.remove(move.to())) {
        tubeImplied(event, move);
      }
      overAspiration(event, move);
      overFill(event, move);
      coatingNeat(event, move);
      coatingDry(event, move, events);
      residue(event, move);
      serumFreeQuench(event, move);
      countSampleUnused(event, move, events);
    }
    notReplated(atTheEnd);
    rockInhibitor(events);
    unpriced(uses);
    return List.copyOf(warnings);
  }

  private void tubeImplied(Event event, Contents.Move move) {
    warn(
        WarningCode.TUBE_IMPLIED,
        event,
        "The protocol does not say where the collected liquid goes; a " + move.to() + " is meant.",
        "Have one ready.");
  }

  private void overAspiration(Event event, Contents.Move move) {
    // What a pipette lacks was missing when it was filled.
    if (move.isShort() && !move.from().equals(Contents.PIPETTE)) {
      warn(
          WarningCode.OVER_ASPIRATION,
          event,
          "Takes " + move.asked() + " from " + move.from() + ", which holds " + move.moved() + ".",
          "Take what is there.");
    }
  }

  private void overFill(Event event, Contents.Move move) {
    Volume after = move.after(move.to()).volume();
    Optional<Volume> safe = setup.safeFill(move.to());
    if (safe.isPresent()
        && after.isMoreThan(safe.get())
        && !move.before(move.to()).volume().isMoreThan(safe.get())) {
      warn(
          WarningCode.OVER_FILL,
          event,
          "Fills " + move.to() + " to " + after + ", above the safe " + safe.get() + ".",
          "Divide it over several.");
    }
  }

  private void coatingNeat(Event event, Contents.Move move) {
    if (move.from().equals(Contents.STOCK)
        && event.liquid().equals("coating")
        && move.to().equals(setup.vesselId())) {
      warn(
          WarningCode.COATING_NEAT,
          event,
          "Dispenses " + move.asked() + " of undiluted coating stock.",
          "Dilute the coating as its lot prescribes.");
    }
  }

  private void coatingDry(Event event, Contents.Move move, List<Event> events) {
    if (!event.liquid().equals("coating")
        || !move.from().equals(setup.vesselId())
        || !move.after(move.from()).volume().isZero()) {
      return;
    }
    double dryMinutes = 0;
    for (Event later : events.subList(event.stepIndex() + 1, events.size())) {
      if (later.move().filter(next -> next.to().equals(move.from())).isPresent()) {
        break;
      }
      dryMinutes += later.minutes();
    }
    if (dryMinutes > HARMLESS_DRY_MINUTES) {
      warn(
          WarningCode.COATING_DRY,
          event,
          "The coating is taken off " + (long) dryMinutes + " min before the cells come.",
          "Take it off directly before plating.");
    }
  }

  private void residue(Event event, Contents.Move move) {
    Volume left = move.after(move.from()).volume();
    if (event.liquid().equals("supernatant") && left.isMoreThan(HARMLESS_RESIDUE)) {
      warn(
          WarningCode.RESIDUE,
          event,
          left + " stay in " + move.from() + " and dilute the resuspension.",
          "Remove the supernatant to " + HARMLESS_RESIDUE + ".");
    }
  }

  private void serumFreeQuench(Event event, Contents.Move move) {
    CellLine line = setup.line();
    boolean serumFree =
        move.from().equals(Contents.STOCK)
            && line != null
            && event.liquid().equals("medium")
            && setup.data().prices().find(line.medium()).filter(Resource::serumFree).isPresent();
    boolean onEnzyme =
        move.before(move.to()).liquids().stream()
            .flatMap(id -> setup.data().prices().find(id).stream())
            .anyMatch(Resource::stoppedBySerum);
    if (serumFree && onEnzyme && line != null && !saidSerumFree) {
      saidSerumFree = true;
      warn(
          WarningCode.SERUM_FREE_QUENCH,
          event,
          "Stops trypsin with " + line.medium() + ", which holds no serum: the enzyme works on.",
          "Stop it with medium that holds serum, or with an inhibitor.");
    }
  }

  private void countSampleUnused(Event event, Contents.Move move, List<Event> events) {
    if (move.to().equals(Contents.COUNT_SAMPLE)
        && events.subList(event.stepIndex(), events.size()).stream()
            .noneMatch(later -> later.operation().equals("count"))) {
      warn(
          WarningCode.COUNT_SAMPLE_UNUSED,
          event,
          "Draws a sample of " + move.moved() + " that is never counted.",
          "Count it, or leave it in the tube.");
    }
  }

  private void notReplated(Contents atTheEnd) {
    boolean cellsInTube =
        atTheEnd.all().entrySet().stream()
            .anyMatch(
                entry ->
                    setup.data().vessels().tubes().containsKey(entry.getKey())
                        && !entry.getValue().volume().isZero());
    if (setup.vessel() != null
        && cellsInTube
        && atTheEnd.holding(setup.vesselId()).volume().isZero()) {
      warnings.add(
          ProtocolWarning.overall(
              WarningCode.NOT_REPLATED,
              "The protocol ends with the cells in a tube.",
              "Plate them into new vessels."));
    }
  }

  private void rockInhibitor(List<Event> events) {
    CellLine line = setup.line();
    if (line == null || !line.isPluripotent()) {
      return;
    }
    boolean single = false;
    boolean protectedCells = false;
    for (Event event : events) {
      if (event.move().isEmpty() || !event.operation().equals("dispense")) {
        continue;
      }
      Set<String> liquids = event.move().get().after(event.move().get().to()).liquids();
      // Cells come from a vial, or loose from the surface by an enzyme.
      single |= event.liquid().equals("cells") || has(liquids, Resource::singleCells);
      protectedCells |= has(liquids, Resource::rockInhibitor);
    }
    if (single && !protectedCells) {
      warnings.add(
          ProtocolWarning.overall(
              WarningCode.NO_ROCK_INHIBITOR,
              "Single " + line.id() + " cells are left without a ROCK inhibitor; most would die.",
              "Add 10 µM Y-27632 to the medium for the first 24 h."));
    }
  }

  private boolean has(Set<String> liquids, java.util.function.Predicate<Resource> property) {
    return liquids.stream()
        .flatMap(id -> setup.data().prices().find(id).stream())
        .anyMatch(property);
  }

  private void unpriced(List<CostRules.Use> uses) {
    Set<String> ids = new LinkedHashSet<>();
    for (CostRules.Use use : uses) {
      if (!use.prepared() && costs.price(use).isEmpty()) {
        ids.add(use.resourceId());
      }
    }
    if (!ids.isEmpty()) {
      warnings.add(
          ProtocolWarning.overall(
              WarningCode.UNPRICED,
              "No price in the unit used, so not in the cost: " + String.join(", ", ids) + ".",
              "Add prices to data/raw/pricing.yaml."));
    }
  }

  private void warn(WarningCode code, Event event, String message, String fix) {
    warnings.add(ProtocolWarning.atStep(code, event.stepIndex(), message, fix));
  }
}
