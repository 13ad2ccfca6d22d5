package org.cellos.ot2.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cellos.json.Json;

/**
 * What a fake robot answers.
 *
 * @param status of HTTP
 */
record Reply(int status, ObjectNode body) {
  static Reply of(int status, JsonNode data) {
    return of(status, data, Json.mapper().createObjectNode());
  }

  static Reply of(int status, JsonNode data, ObjectNode links) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.set("data", data);
    body.set("links", links);
    return new Reply(status, body);
  }

  /** The robot understood, and did nothing. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String id;

    Refusal(int status, String id, String detail) {
      super(detail);
      this.status = status;
      this.id = id;
    }

    Reply reply() {
      ObjectNode body = Json.mapper().createObjectNode();
      body.putArray("errors")
          .addObject()
          .put("id", id)
          .put("title", id)
          .put("detail", getMessage())
          .put("errorCode", "4000");
      return new Reply(status, body);
    }
  }
}
