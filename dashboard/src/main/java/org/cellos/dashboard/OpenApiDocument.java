package org.cellos.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.cellos.domain.Choice;
import org.cellos.domain.ExecutionStatus;
import org.cellos.json.Json;

/**
 * The description of the REST interface by OpenAPI 3.0: written out here, since it is a promise to
 * programs and must not change by itself when a class does.
 */
final class OpenApiDocument {
  private static final String INSTRUMENTS = "^(virtual|manual|hardware)$";
  private static final String ID = "^[A-Za-z0-9._:-]{1,200}$";

  private final ObjectNode root = Json.mapper().createObjectNode();
  private final ObjectNode paths = Json.mapper().createObjectNode();

  private OpenApiDocument() {}

  /** The document as JSON. */
  static String json() {
    return new OpenApiDocument().written();
  }

  private String written() {
    root.put("openapi", "3.0.3");
    root.putObject("info")
        .put("title", "cellos")
        .put("version", "1")
        .put("description", "Starts, steers and reads executions of cell-culture protocols.");
    root.set("paths", paths);
    executions();
    facts();
    root.putObject("components").set("schemas", schemas());
    return root.toPrettyString();
  }

  private void executions() {
    ObjectNode list = get("/api/executions", "Lists executions", "ExecutionList", 400, 503);
    ArrayNode parameters = list.putArray("parameters");
    parameter(parameters, "status", "Only these, with commas between them")
        .put("type", "string")
        .putArray("enum")
        .addAll(
            List.of(ExecutionStatus.values()).stream()
                .map(status -> Json.mapper().getNodeFactory().textNode(status.wireValue()))
                .toList());
    for (String name : List.of("cell_line", "vessel", "operation", "q")) {
      parameter(parameters, name, name.equals("q") ? "Text in names, errors, metadata" : "Only it")
          .put("type", "string")
          .put("minLength", 1)
          .put("maxLength", 200);
    }
    for (String name : List.of("from", "to")) {
      parameter(parameters, name, "A day, included").put("type", "string").put("format", "date");
    }
    parameter(parameters, "sort", "Which come first")
        .put("type", "string")
        .putArray("enum")
        .add("newest")
        .add("oldest")
        .add("longest")
        .add("shortest");
    parameter(parameters, "limit", "At most so many")
        .put("type", "integer")
        .put("minimum", 1)
        .put("maximum", 500);
    post("/api/executions", "Starts an execution", "StartRequest", 202, "Execution", false);
    withId(get("/api/executions/{id}", "One execution, with its steps", "Execution", 404));
    withId(get("/api/executions/{id}/attempts", "Every attempt of every step", "Attempts", 404));
    withId(get("/api/executions/{id}/audit", "Who did what, when and why", "Audit", 404));
    for (String action : ExecutionsApi.ACTIONS) {
      post(
          "/api/executions/{id}/" + action,
          action.equals("begin") ? "Begins a created execution" : "Asks: " + action,
          body(action),
          202,
          "Execution",
          true);
    }
    post(
        "/api/executions/{id}/rerun",
        "Does an ended execution once more",
        "Rerun",
        202,
        "Execution",
        true);
  }

  private static String body(String action) {
    return switch (action) {
      case "begin" -> "Begin";
      case "pause" -> "Pause";
      case "skip" -> "Skip";
      case "edit" -> "Edit";
      case "note" -> "Note";
      case "answer" -> "Answer";
      default -> "Asked";
    };
  }

  private void facts() {
    post(
        "/api/resolve",
        "Fills every quantity in; runs nothing",
        "ResolveRequest",
        200,
        "Resolved",
        false);
    get("/api/combinations", "What goes with what, and why not", "Combinations");
    get("/api/cell-lines", "Names of the cell lines", "CellLines");
    ArrayNode parameters =
        get("/api/cell-lines/{name}", "What is known of a cell line", "CellLine", 404)
            .putArray("parameters");
    parameters
        .addObject()
        .put("name", "name")
        .put("in", "path")
        .put("required", true)
        .putObject("schema")
        .put("type", "string")
        .put("minLength", 1)
        .put("maxLength", 100);
    get("/api/vessels", "Ids of the vessels", "Vessels");
    get("/api/equipment", "Who has robots and equipment, and who waits", "Equipment");
    get("/api/health/live", "Whether this process answers", "Health");
    get("/api/health/ready", "Whether history and Temporal are as they should be", "Health");
    response((ObjectNode) paths.at("/~1api~1health~1ready/get/responses"), 503, "Health");
  }

  private ObjectNode get(String path, String summary, String answer, int... errors) {
    ObjectNode operation = operation(path, "get", summary);
    ObjectNode responses = operation.putObject("responses");
    response(responses, 200, answer);
    response(responses, 400, "Problem");
    for (int error : errors) {
      response(responses, error, "Problem");
    }
    response(responses, 503, "Problem");
    return operation;
  }

  private void post(
      String path, String summary, String body, int status, String answer, boolean hasId) {
    ObjectNode operation = operation(path, "post", summary);
    if (hasId) {
      withId(operation);
    }
    ObjectNode request = operation.putObject("requestBody").put("required", true);
    request.putObject("content").putObject("application/json").set("schema", reference(body));
    ObjectNode responses = operation.putObject("responses");
    response(responses, status, answer);
    for (int error : new int[] {400, 403, 404, 409, 413, 415, 503, 504}) {
      response(responses, error, "Problem");
    }
  }

  private ObjectNode operation(String path, String method, String summary) {
    ObjectNode operation =
        (paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path)).putObject(method);
    return operation
        .put("summary", summary)
        .put("operationId", method + path.replaceAll("[^a-z]+", "_").replaceAll("_$", ""));
  }

  private static ObjectNode withId(ObjectNode operation) {
    ObjectNode id =
        operation
            .putArray("parameters")
            .addObject()
            .put("name", "id")
            .put("in", "path")
            .put("required", true);
    id.putObject("schema").put("type", "string").put("pattern", ID);
    return operation;
  }

  private static ObjectNode parameter(ArrayNode parameters, String name, String description) {
    return parameters
        .addObject()
        .put("name", name)
        .put("in", "query")
        .put("description", description)
        .putObject("schema");
  }

  private static void response(ObjectNode responses, int status, String schema) {
    responses
        .putObject(Integer.toString(status))
        .put("description", schema)
        .putObject("content")
        .putObject("application/json")
        .set("schema", reference(schema));
  }

  private static ObjectNode reference(String schema) {
    return Json.mapper().createObjectNode().put("$ref", "#/components/schemas/" + schema);
  }

  private static ObjectNode schemas() {
    ObjectNode schemas = Json.mapper().createObjectNode();
    Schema problem = new Schema(schemas, "Problem", "What went wrong");
    problem.required("status", "integer").required("code", "string").required("message", "string");
    problem.optional("field", "string").optional("incident", "string");

    Schema start = new Schema(schemas, "StartRequest", "What is to be performed");
    start.closed();
    start.text("execution_id", ID);
    protocol(start);
    start.optional("metadata", "object").optional("dry_run", "boolean");
    start.text("instruments", INSTRUMENTS).text("robot", null).text("override", null);
    start.text("priority", "^(urgent|normal|low)$");
    start.optional("speed_up", "number").optional("begin", "boolean");
    start.optional("confirmed", "boolean");
    start.example(
        Map.of("operation", "passage", "cell_line", "iPSC", "vessel", "T75", "dry_run", true));

    Schema resolve = new Schema(schemas, "ResolveRequest", "Which protocol is to be resolved");
    resolve.closed();
    protocol(resolve);
    resolve.text("instruments", INSTRUMENTS).text("robot", null);
    resolve.example(Map.of("operation", "passage", "cell_line", "iPSC", "vessel", "T75"));

    asked(schemas, "Asked");
    asked(schemas, "Pause").optional("at_once", "boolean");
    asked(schemas, "Skip").index("step_index", true);
    asked(schemas, "Edit").index("step_index", true).required("changes", "object");
    asked(schemas, "Note").index("step_index", false).requiredText("text", 10_000);
    asked(schemas, "Answer")
        .index("step_index", false)
        .words("choice", List.of(Choice.values()).stream().map(Choice::wireValue).toList())
        .optional("amount_ml", "number");
    Schema begin = new Schema(schemas, "Begin", "How it begins");
    begin.closed();
    begin.optional("dry_run", "boolean").optional("confirmed", "boolean");
    Schema rerun = new Schema(schemas, "Rerun", "How it is done once more");
    rerun.closed();
    rerun.index("from_step", false).text("execution_id", ID).text("wells", "^(rest|all)$");
    rerun.optional("dry_run", "boolean").optional("confirmed", "boolean");

    Schema execution = new Schema(schemas, "Execution", "An execution");
    execution.required("execution_id", "string").required("workflow_name", "string");
    execution.words(
        "status",
        List.of(ExecutionStatus.values()).stream().map(ExecutionStatus::wireValue).toList());
    execution.required("created_at", "string").required("metadata", "object");
    execution.required("step_count", "integer").required("completed_step_count", "integer");
    execution.required("abandoned", "boolean");
    execution.optional("steps", "array");
    new Schema(schemas, "ExecutionList", "Executions")
        .required("executions", "array")
        .required("total", "integer")
        .optional("next", "string");
    new Schema(schemas, "Attempts", "Attempts").required("attempts", "array");
    new Schema(schemas, "Audit", "Who did what").required("audit", "array");
    new Schema(schemas, "Resolved", "A protocol with every quantity filled in")
        .required("operation", "string")
        .required("unit_ops", "array")
        .required("steps", "array")
        .required("warnings", "array")
        .required("duration_minutes", "number");
    new Schema(schemas, "Combinations", "What goes with what").required("combinations", "array");
    new Schema(schemas, "CellLines", "Names").required("cell_lines", "array");
    new Schema(schemas, "CellLine", "What is known of a cell line")
        .required("id", "string")
        .required("name", "string")
        .required("facts", "array");
    new Schema(schemas, "Vessels", "Ids").required("vessels", "array");
    new Schema(schemas, "Equipment", "Who has what, and who waits").required("equipment", "array");
    new Schema(schemas, "Health", "Health").required("status", "string");
    return schemas;
  }

  private static void protocol(Schema schema) {
    schema.text("operation", "^(passage|thaw|feed|coat)$");
    schema.text("cell_line", null).text("vessel", null);
    schema.text("profile", "^(original|bench)$");
    schema.text("protocol", null).text("protocol_name", null);
  }

  private static Schema asked(ObjectNode schemas, String name) {
    Schema schema = new Schema(schemas, name, "Who asks, and why");
    schema.closed();
    schema.requiredText("by", 100);
    schema.text("reason", null);
    schema.text("request_id", "^[A-Za-z0-9-]{1,100}$");
    return schema;
  }

  /** An object, described field by field. */
  private static final class Schema {
    private final ObjectNode schema;
    private final ObjectNode properties;

    Schema(ObjectNode schemas, String name, String description) {
      this.schema = schemas.putObject(name).put("type", "object").put("description", description);
      this.properties = schema.putObject("properties");
    }

    void closed() {
      schema.put("additionalProperties", false);
    }

    void example(Object value) {
      schema.set("example", Json.mapper().valueToTree(value));
    }

    Schema optional(String name, String type) {
      ObjectNode property = property(name, type);
      if (type.equals("array")) {
        property.putObject("items");
      }
      return this;
    }

    Schema required(String name, String type) {
      schema.withArray("required").add(name);
      return optional(name, type);
    }

    /** What need not be given may be null as well. */
    private ObjectNode property(String name, String type) {
      ObjectNode property = properties.putObject(name).put("type", type);
      boolean isRequired = false;
      for (com.fasterxml.jackson.databind.JsonNode required : schema.path("required")) {
        isRequired |= required.asText().equals(name);
      }
      return isRequired ? property : property.put("nullable", true);
    }

    Schema text(String name, @org.jspecify.annotations.Nullable String pattern) {
      ObjectNode property = property(name, "string");
      if (pattern != null) {
        property.put("pattern", pattern);
      }
      return this;
    }

    Schema requiredText(String name, int most) {
      schema.withArray("required").add(name);
      properties.putObject(name).put("type", "string").put("minLength", 1).put("maxLength", most);
      return this;
    }

    Schema index(String name, boolean isRequired) {
      if (isRequired) {
        schema.withArray("required").add(name);
      }
      property(name, "integer").put("minimum", 0).put("maximum", 100_000);
      return this;
    }

    Schema words(String name, List<String> words) {
      schema.withArray("required").add(name);
      ArrayNode values = properties.putObject(name).put("type", "string").putArray("enum");
      words.forEach(values::add);
      return this;
    }
  }
}
