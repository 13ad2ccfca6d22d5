package org.cellos.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cellos.client.ExecutionPendingException;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.engine.EngineUnavailableException;
import org.cellos.json.Json;
import org.cellos.protocol.ProtocolException;
import org.cellos.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever is thrown into a {@link Problem}: JSON under {@code /api}, a page elsewhere. */
final class ProblemMapper implements ExceptionMapper<Throwable> {
  private static final Logger log = LoggerFactory.getLogger(ProblemMapper.class);

  private final Frames frames;

  @Context private @Nullable UriInfo uri;
  @Context private @Nullable HttpHeaders headers;

  ProblemMapper(Frames frames) {
    this.frames = frames;
  }

  @Override
  public Response toResponse(Throwable thrown) {
    if (thrown instanceof WebApplicationException web
        && web.getResponse().getStatusInfo().getFamily() == Response.Status.Family.REDIRECTION) {
      return web.getResponse();
    }
    Problem problem = problem(thrown);
    Response.ResponseBuilder response = Response.status(problem.status());
    if (thrown instanceof WebApplicationException web) {
      List<Object> allow = web.getResponse().getHeaders().get(HttpHeaders.ALLOW);
      if (allow != null) {
        allow.forEach(value -> response.header(HttpHeaders.ALLOW, value));
      }
    }
    if (isForPrograms()) {
      return response.entity(Json.write(problem)).type(MediaType.APPLICATION_JSON_TYPE).build();
    }
    boolean isFragment = headers != null && headers.getHeaderString("HX-Request") != null;
    return response
        .entity(
            TemplateView.of(
                isFragment ? "problem-fragment.ftlh" : "problem.ftlh",
                frames.withoutBanners("", title(problem)),
                problem))
        .type(TemplateView.HTML)
        .build();
  }

  private boolean isForPrograms() {
    String path = uri == null ? "" : uri.getPath();
    return path.startsWith("api/") || path.equals("api") || path.equals("openapi.json");
  }

  private static String title(Problem problem) {
    return switch (problem.status()) {
      case 404 -> "Not found";
      case 503 -> "Not available now";
      case 500 -> "A defect";
      default -> "That cannot be done";
    };
  }

  private static Problem problem(Throwable thrown) {
    if (thrown instanceof RequestException request) {
      return request.problem();
    }
    if (thrown instanceof NoHistoryException) {
      return Problem.of(503, "no_history", message(thrown));
    }
    if (thrown instanceof ExecutionPendingException) {
      return Problem.of(504, "pending", message(thrown));
    }
    if (thrown instanceof ExecutionRefusedException) {
      return Problem.of(409, "refused", message(thrown));
    }
    if (thrown instanceof ProtocolException) {
      return Problem.badRequest(null, message(thrown));
    }
    if (thrown instanceof EngineUnavailableException) {
      return Problem.of(503, "unavailable", message(thrown));
    }
    if (thrown instanceof StoreException) {
      return Problem.of(503, "unreadable_history", message(thrown));
    }
    if (thrown instanceof JsonProcessingException json) {
      return Problem.badRequest(
          null, "The body is not the JSON that is expected: " + json.getOriginalMessage());
    }
    if (thrown instanceof WebApplicationException web) {
      return ofStatus(web);
    }
    String incident = UUID.randomUUID().toString().substring(0, 8);
    log.error("Incident {}", incident, thrown);
    return new Problem(
        500,
        "defect",
        "This is a defect of cellos. What you asked for may have been done: look before you ask"
            + " again. The log of the dashboard says more under "
            + incident
            + ".",
        null,
        incident);
  }

  private static Problem ofStatus(WebApplicationException web) {
    int status = web.getResponse().getStatus();
    return switch (status) {
      case 404 -> Problem.of(404, "not_found", "There is nothing at this address.");
      case 405 -> Problem.of(405, "method_not_allowed", "This address does not take that method.");
      case 406 ->
          Problem.of(406, "not_acceptable", "This address does not give what Accept asks for.");
      case 415 ->
          Problem.of(
              415, "unsupported_media_type", "Send the body with Content-Type: application/json.");
      default ->
          status < 500
              ? Problem.of(status, "bad_request", message(web))
              : Problem.of(status, "unavailable", "This cannot be answered now.");
    };
  }

  private static String message(Throwable thrown) {
    return Optional.ofNullable(thrown.getMessage()).orElseGet(thrown::toString);
  }
}
