package org.cellos.ot2.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cellos.json.Json;

/** A run of a fake robot; guarded by the robot's lock. */
final class FakeRun {
  private static final Set<String> ENDED = Set.of("stopped", "failed", "succeeded");

  final String id;
  final String protocolId;
  private final JsonNode parameters;
  final List<FakeCommand> commands;
  final List<String> actions = new ArrayList<>();
  private final List<String> actionTimes = new ArrayList<>();
  String status = "idle";
  String error = "";

  /** False after a power cycle: the robot does not know what became of it. */
  boolean isWhole = true;

  /** How many commands are over. */
  int done;

  boolean isPerforming;

  /**
   * @param parameters values of its run-time parameters
   */
  FakeRun(String id, String protocolId, JsonNode parameters, List<FakeCommand> commands) {
    this.id = id;
    this.protocolId = protocolId;
    this.parameters = parameters;
    this.commands = commands;
  }

  boolean hasEnded() {
    return ENDED.contains(status);
  }

  boolean isActive() {
    return !hasEnded() && !status.equals("idle");
  }

  void act(String action) {
    actions.add(action);
    actionTimes.add(Instant.now().toString());
  }

  /** As the robot stores it: it survives a power cycle. */
  ObjectNode stored() {
    ObjectNode stored = Json.mapper().createObjectNode();
    stored.put("id", id).put("protocolId", protocolId).put("status", status);
    stored.set("parameters", parameters);
    stored.putPOJO("actions", List.copyOf(actions));
    return stored;
  }

  static FakeRun ofStored(JsonNode stored) {
    FakeRun run =
        new FakeRun(
            stored.path("id").asText(),
            stored.path("protocolId").asText(),
            stored.path("parameters"),
            List.of());
    stored.path("actions").forEach(action -> run.act(action.asText()));
    run.losePower();
    return run;
  }

  void losePower() {
    isWhole = false;
    status = "stopped";
  }

  ObjectNode view(boolean isCurrent) {
    ObjectNode view = Json.mapper().createObjectNode();
    view.put("id", id).put("ok", isWhole).put("status", status).put("current", isCurrent);
    view.put("protocolId", protocolId);
    ArrayNode values = view.putArray("runTimeParameters");
    parameters
        .properties()
        .forEach(
            each ->
                values
                    .addObject()
                    .put("variableName", each.getKey())
                    .set("value", each.getValue()));
    if (!isWhole) {
      view.putObject("dataError").put("title", "Run data could not be loaded");
    }
    ArrayNode told = view.putArray("actions");
    for (int i = 0; i < actions.size(); i++) {
      told.addObject()
          .put("id", id + "-" + i)
          .put("createdAt", actionTimes.get(i))
          .put("actionType", actions.get(i));
    }
    ArrayNode errors = view.putArray("errors");
    if (!error.isEmpty()) {
      errors.addObject().put("errorType", "ProtocolEngineError").put("detail", error);
    }
    return view;
  }

  /** The commands that have begun, as the robot lists them. */
  List<ObjectNode> commandViews() {
    List<ObjectNode> views = new ArrayList<>();
    int begun = Math.min(commands.size(), done + (isPerforming ? 1 : 0));
    for (int i = 0; i < begun; i++) {
      boolean isLast = i == begun - 1;
      String state =
          i >= done ? "running" : isLast && status.equals("failed") ? "failed" : "succeeded";
      views.add(commands.get(i).view(id + "-command-" + i, state));
    }
    return views;
  }
}
