package org.cellos.deck;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cellos.domain.Parameters;
import org.cellos.domain.Step;
import org.cellos.domain.Volume;
import org.cellos.protocol.RobotDeck;

/**
 * Turns steps of a protocol into what a robot does: its tips leave some liquid in each well. What
 * is brought afterwards is so much less that a well whose contents are exchanged holds what the
 * protocol says, however often that is done. Used once, for the steps of one protocol in their
 * order.
 */
final class ResidualVolume {
  private static final double EXACT = 1e-6;

  private final String vesselId;
  private final RobotDeck.Plate plate;

  /** What each well held before the first step, by the protocol; empty where that is not known. */
  private Optional<Double> atFirst = Optional.empty();

  /** How much more each well holds than the protocol says. */
  private double tooMuch;

  ResidualVolume(String vesselId, RobotDeck.Plate plate) {
    this.vesselId = vesselId;
    this.plate = plate;
  }

  /**
   * @param steps all of a protocol
   * @return those of the robot, as it does them
   * @throws DeckException where nothing can be taken, or a well would run over
   */
  static List<LiquidStep> ofRobot(List<Step> steps, String vesselId, RobotDeck.Plate plate) {
    ResidualVolume residual = new ResidualVolume(vesselId, plate);
    return steps.stream().flatMap(step -> residual.next(step).stream()).toList();
  }

  /**
   * @param step the next one of the protocol
   * @return what the robot does; empty where it is another's step
   * @throws DeckException where nothing can be taken, or a well would run over
   */
  Optional<LiquidStep> next(Step step) {
    Optional<LiquidStep> planned = LiquidStep.of(step, vesselId);
    if (planned.isEmpty()) {
      byHand(step);
      return planned;
    }
    Optional<Double> before = contents(step, "contents_before", vesselId);
    Optional<Double> after = contents(step, "contents_after", vesselId);
    if (before.isEmpty() || after.isEmpty()) {
      return planned;
    }
    if (atFirst.isEmpty()) {
      atFirst = before;
    }
    return Optional.of(
        planned.get().takes()
            ? taken(planned.get(), after.get())
            : brought(planned.get(), after.get()));
  }

  /** A person sees what is in a well, and leaves in it what the protocol says. */
  private void byHand(Step step) {
    Parameters parameters = step.unitOp().parameters();
    boolean isMove =
        step.role() == null
            && (parameters.optionalText("from").filter(vesselId::equals).isPresent()
                || parameters.optionalText("to").filter(vesselId::equals).isPresent());
    if (isMove) {
      tooMuch = 0;
      atFirst = Optional.empty();
    }
  }

  private LiquidStep taken(LiquidStep planned, double after) {
    double stays = Math.max(after, plate.residualMicrolitres());
    double all = after + planned.microlitresPerWell() + tooMuch;
    double microlitres = rounded(all - stays);
    if (microlitres < EXACT) {
      throw new DeckException(
          "Nothing can be taken in step "
              + planned.path()
              + ": each well of "
              + vesselId
              + " holds "
              + millilitres(all)
              + ", and "
              + millilitres(stays)
              + " stay in it (residual_ul in robots.yaml).");
    }
    tooMuch = stays - after;
    return tooMuch < EXACT
        ? planned.with(planned.name(), microlitres)
        : planned.with(
            planned.name()
                + " ["
                + millilitres(microlitres)
                + " of each well, "
                + millilitres(stays)
                + " stay]",
            microlitres);
  }

  private LiquidStep brought(LiquidStep planned, double after) {
    boolean isExchanged =
        atFirst.filter(before -> Math.abs(before - after) < EXACT).isPresent()
            && planned.microlitresPerWell() - tooMuch > EXACT;
    if (tooMuch < EXACT || !isExchanged) {
      requireRoom(planned, after + tooMuch);
      return tooMuch < EXACT
          ? planned
          : planned.with(
              planned.name() + " [onto " + millilitres(tooMuch) + " that stayed]",
              planned.microlitresPerWell());
    }
    double microlitres = rounded(planned.microlitresPerWell() - tooMuch);
    tooMuch = 0;
    return planned.with(
        planned.name() + " [" + millilitres(microlitres) + " into each well]", microlitres);
  }

  private void requireRoom(LiquidStep planned, double after) {
    double room = plate.place().labware().maxMicrolitres();
    if (after > room) {
      throw new DeckException(
          "In step "
              + planned.path()
              + " each well of "
              + vesselId
              + " would hold "
              + millilitres(after)
              + ", and it has room for "
              + millilitres(room)
              + ".");
    }
  }

  /** Of each well, in µL; empty where the protocol does not say it. */
  private static Optional<Double> contents(Step step, String when, String vesselId) {
    Parameters parameters = step.unitOp().parameters();
    if (!parameters.has(when) || !parameters.has("wells")) {
      return Optional.empty();
    }
    Volume all = parameters.volumes(when).get(vesselId);
    return all == null
        ? Optional.empty()
        : Optional.of(all.millilitres() * 1000 / parameters.number("wells"));
  }

  /** Sums of decimal fractions, to a nanolitre. */
  private static double rounded(double microlitres) {
    return Math.round(microlitres * 1000) / 1000.0;
  }

  private static String millilitres(double microlitres) {
    return String.format(Locale.ROOT, "%.3f mL", microlitres / 1000);
  }
}
