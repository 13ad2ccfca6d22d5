package org.cellos.faults;

import com.fasterxml.jackson.databind.JsonNode;

/** A line of the witness: what an instrument did, whatever became of the process afterwards. */
record Effect(String executionId, int stepIndex, int epoch, String operationType) {
  static Effect of(JsonNode line) {
    return new Effect(
        line.path("execution_id").asText(),
        line.path("step_index").asInt(),
        line.path("epoch").asInt(),
        line.path("operation_type").asText());
  }
}
