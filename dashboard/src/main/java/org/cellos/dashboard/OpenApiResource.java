package org.cellos.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellos.json.Json;

/** The description of the REST interface, for programs and for people who try it. */
@Singleton
@Path("/")
public final class OpenApiResource {
  private final Frames frames;
  private final String document = OpenApiDocument.json();

  OpenApiResource(Frames frames) {
    this.frames = frames;
  }

  @GET
  @Path("openapi.json")
  @Produces(MediaType.APPLICATION_JSON)
  public String document() {
    return document;
  }

  /** What may be asked for. */
  public record Operation(
      String method, String path, String summary, String body, boolean hasBody) {}

  public record Model(List<Operation> operations) {}

  @GET
  @Path("api-docs")
  @Produces(TemplateView.HTML)
  public TemplateView page() {
    return TemplateView.of(
        "api-docs.ftlh", frames.of("", "REST interface"), new Model(operations()));
  }

  private List<Operation> operations() {
    JsonNode root = Json.read(document, JsonNode.class);
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        JsonNode body = method.getValue().at("/requestBody/content/application~1json/schema/$ref");
        operations.add(
            new Operation(
                method.getKey().toUpperCase(java.util.Locale.ROOT),
                path.getKey(),
                method.getValue().path("summary").asText(),
                example(root, body.asText()),
                !body.isMissingNode()));
      }
    }
    return operations;
  }

  /** Something to begin with. */
  private static String example(JsonNode root, String reference) {
    JsonNode schema = root.at(reference.replace("#", ""));
    if (schema.has("example")) {
      return schema.path("example").toPrettyString();
    }
    List<String> lines = new ArrayList<>();
    schema
        .path("required")
        .forEach(
            name -> {
              String type = schema.at("/properties/" + name.asText() + "/type").asText();
              lines.add(
                  "\""
                      + name.asText()
                      + "\": "
                      + (type.equals("integer") ? "0" : type.equals("object") ? "{}" : "\"\""));
            });
    return "{" + String.join(", ", lines) + "}";
  }
}
