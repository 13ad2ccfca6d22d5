package org.cellos.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Steps, questions and answers for the tests of this package. */
final class Questions {
  private Questions() {}

  static Step dispense() {
    return step(UnitOp.of("dispense", "Dispense DPBS", Map.of("volume_ml", 10.0)));
  }

  static Step incubate() {
    return step(UnitOp.of("incubate", "Incubate", Map.of("minutes", 5.0)));
  }

  private static Step step(UnitOp unitOp) {
    return new Step(3, "2.1", unitOp);
  }

  static Question outcome() {
    return Answers.outcomeQuestion(dispense(), 1, StepAction.PERFORM, "It is silent.", true);
  }

  static Question confirmation() {
    return Answers.confirmation(dispense(), 1, StepAction.PERFORM);
  }

  static Answer answer(Choice choice) {
    return answer(choice, null);
  }

  static Answer answer(Choice choice, @Nullable Double amount) {
    return new Answer("request-1", 3, 1, StepAction.PERFORM, choice, amount, "Ada", null);
  }

  static Answer because(Choice choice, String reason) {
    return new Answer("request-1", 3, 1, StepAction.PERFORM, choice, null, "Ada", reason);
  }
}
