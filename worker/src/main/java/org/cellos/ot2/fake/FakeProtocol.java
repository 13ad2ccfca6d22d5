package org.cellos.ot2.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cellos.json.Json;

/**
 * A protocol that was brought to a fake robot.
 *
 * @param key what the client calls it; empty if nothing
 * @param parameters values of run-time parameters with which it is analysed
 */
record FakeProtocol(String id, String fileName, String key, String source, JsonNode parameters) {
  String analysisId() {
    return id + "-analysis";
  }

  boolean isSame(String otherFileName, String otherSource) {
    return fileName.equals(otherFileName) && source.equals(otherSource);
  }

  ObjectNode stored() {
    return Json.mapper()
        .createObjectNode()
        .put("id", id)
        .put("fileName", fileName)
        .put("key", key)
        .put("source", source)
        .set("parameters", parameters);
  }

  static FakeProtocol ofStored(JsonNode stored) {
    return new FakeProtocol(
        stored.path("id").asText(),
        stored.path("fileName").asText(),
        stored.path("key").asText(),
        stored.path("source").asText(),
        stored.path("parameters"));
  }

  ObjectNode view(boolean isAnalysed) {
    ObjectNode view = Json.mapper().createObjectNode();
    view.put("id", id).put("key", key);
    view.putArray("files").addObject().put("name", fileName).put("role", "main");
    view.putArray("analysisSummaries")
        .addObject()
        .put("id", analysisId())
        .put("status", isAnalysed ? "completed" : "pending");
    return view;
  }

  FakeAnalysis analysis() {
    return FakeAnalysis.of(source, parameters);
  }

  ObjectNode analysisView(boolean isAnalysed) {
    ObjectNode view = Json.mapper().createObjectNode().put("id", analysisId());
    if (!isAnalysed) {
      return view.put("status", "pending");
    }
    FakeAnalysis analysis = analysis();
    view.put("status", "completed").put("result", analysis.errors().isEmpty() ? "ok" : "not-ok");
    ArrayNode commands = view.putArray("commands");
    for (FakeCommand command : analysis.commands()) {
      commands.add(command.view(analysisId() + "-" + commands.size(), "succeeded"));
    }
    ArrayNode errors = view.putArray("errors");
    analysis
        .errors()
        .forEach(
            error -> errors.addObject().put("errorType", "ProtocolError").put("detail", error));
    return view;
  }
}
