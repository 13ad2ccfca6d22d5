package org.cellos.protocol;

import java.util.List;
import java.util.Optional;
import org.cellos.domain.Parameters;
import org.cellos.domain.Volume;

/** One step of a protocol as written: quantities may still be names. */
sealed interface TemplateStep {
  Head head();

  /**
   * What every step may have.
   *
   * @param source where it is written
   * @param condition for which lines it is done
   * @param name for people, in place of the usual one
   * @param label in place of the usual ending of the id; {@code vessel} is the culture vessel
   * @param mark what windows of later steps call its end
   * @param window when it may begin
   */
  record Head(
      YamlNode source,
      Condition condition,
      Optional<String> name,
      Optional<String> label,
      Optional<String> mark,
      Optional<Window> window) {}

  /**
   * When a step may begin.
   *
   * @param source where it is written
   * @param since the mark of the step that it counts from
   * @param atLeastMinutes must have passed
   * @param atMostMinutes may have passed
   * @param rescue what is done first where more have passed
   */
  record Window(
      YamlNode source,
      String since,
      Optional<Double> atLeastMinutes,
      Optional<Double> atMostMinutes,
      List<TemplateStep> rescue) {
    public Window {
      rescue = List.copyOf(rescue);
    }
  }

  /** When a step is done. */
  enum Condition {
    ALWAYS,
    /** The line needs a coating. */
    COATED,
    /** The line's coating is diluted before use. */
    DILUTED,
    /** The line's coating goes on as it comes. */
    UNDILUTED
  }

  /** How much. */
  sealed interface Amount {
    /** A volume that the vessel or the cell line gives: {@code working_volume}, {@code wash_1}. */
    record Named(String key) implements Amount {}

    /** All wells together. */
    record Total(Volume volume) implements Amount {}

    /** Each well of the culture vessel. */
    record PerWell(Volume volume) implements Amount {}
  }

  /** How long, and how warm. */
  sealed interface Duration {
    /** What the cell line or its coating gives: {@code detach}, {@code coating}. */
    record Named(String key) implements Duration {}

    record Given(double minutes, double temperatureC) implements Duration {}
  }

  /**
   * Takes liquid out.
   *
   * @param liquid what it is, for people; may be empty
   */
  record Aspirate(Head head, Amount amount, String liquid, String from, String to)
      implements TemplateStep {}

  /** Puts liquid in, from a bottle or from what another step made. */
  record Dispense(Head head, String reagent, Amount amount, String from, String to)
      implements TemplateStep {}

  record Mix(Head head, String vessel, Amount amount, int cycles) implements TemplateStep {}

  record Incubate(Head head, String vessel, Duration duration, Optional<String> location)
      implements TemplateStep {}

  record Centrifuge(Head head, String vessel, double gForce, double minutes)
      implements TemplateStep {}

  record Count(Head head, String vessel, String method, Amount sample) implements TemplateStep {}

  /** An operation for a handler that this package knows nothing of. */
  record Custom(
      Head head, String operation, Optional<String> vessel, double minutes, Parameters parameters)
      implements TemplateStep {}

  /** Steps that are shown as one operation. */
  record Group(Head head, String operation, List<TemplateStep> steps) implements TemplateStep {
    public Group {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Steps that are done several times, one repetition after the other; each is shown as one
   * operation.
   *
   * @param times 1 or more
   */
  record Repeat(Head head, int times, List<TemplateStep> steps) implements TemplateStep {
    public Repeat {
      steps = List.copyOf(steps);
    }
  }

  /** All steps of a built-in protocol, in this place. */
  record Use(Head head, String protocol) implements TemplateStep {}
}
