package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A person at the bench who answers whatever is asked, as the seed says. */
record SeededPerson(Random random) {

  /** An answer, as the rest of a {@code decide} command. */
  record Said(String choice, String words) {}

  Said answer(JsonNode question) {
    List<String> choices = new ArrayList<>();
    question.path("choices").forEach(choice -> choices.add(choice.asText()));
    assertThat(choices).isNotEmpty();
    String choice = choices.get(random.nextInt(choices.size()));
    return new Said(choice, choice.equals("partly") ? "partly --amount 0.5" : choice);
  }

  /** The open question of an execution as {@code show} tells it. */
  static JsonNode openQuestion(JsonNode execution) {
    List<JsonNode> open = openQuestions(execution);
    assertThat(open).as("open questions of %s", execution).hasSize(1);
    return open.get(0);
  }

  static List<JsonNode> openQuestions(JsonNode execution) {
    List<JsonNode> open = new ArrayList<>();
    for (JsonNode decision : execution.path("decisions")) {
      if (decision.path("choice").isMissingNode() || decision.path("choice").isNull()) {
        open.add(decision);
      }
    }
    return open;
  }
}
