package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of an execution. Stored in history: only ever add optional fields.
 *
 * @param requestId the same for every repetition of one request: it has one effect; 1 to 100
 *     characters
 * @param by who asks
 * @param reason why; null where none was given
 * @param control what is asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ControlRequest(
    String requestId, String by, @Nullable String reason, Control control) {
  private static final int LONGEST_ID = 100;

  public ControlRequest {
    if (requestId.isBlank() || requestId.length() > LONGEST_ID) {
      throw new IllegalArgumentException(
          "the request id must have 1 to " + LONGEST_ID + " characters, not '" + requestId + "'");
    }
    if (by.isBlank()) {
      throw new IllegalArgumentException("a request needs the name of who asks");
    }
  }

  /** Who and why, as it ends a sentence: {@code by ada: waiting for warm medium.} */
  public String byAndWhy() {
    return "by "
        + by
        + (reason == null || reason.isBlank()
            ? "."
            : ": " + reason.strip().replaceFirst("\\.$", "") + ".");
  }
}
