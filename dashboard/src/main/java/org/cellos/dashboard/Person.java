package org.cellos.dashboard;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asks something, and why.
 *
 * @param by a name; 1 to 100 characters
 * @param reason why; null where none was given; at most 1000 characters
 * @param requestId the same for every repetition of one request
 */
record Person(String by, @Nullable String reason, String requestId) {
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_REASON = 1000;

  /**
   * @throws RequestException naming the field that is missing or too long
   */
  static Person of(@Nullable String by, @Nullable String reason, @Nullable String requestId) {
    if (by == null || by.isBlank()) {
      throw RequestException.badRequest(
          "by", "Say who you are in 'by': it is kept with the execution.");
    }
    if (by.length() > LONGEST_NAME) {
      throw RequestException.badRequest(
          "by", "'by' is longer than " + LONGEST_NAME + " characters.");
    }
    if (reason != null && reason.length() > LONGEST_REASON) {
      throw RequestException.badRequest(
          "reason", "'reason' is longer than " + LONGEST_REASON + " characters.");
    }
    if (requestId != null && (requestId.isBlank() || requestId.length() > LONGEST_NAME)) {
      throw RequestException.badRequest(
          "request_id", "'request_id' must have 1 to " + LONGEST_NAME + " characters.");
    }
    return new Person(
        by.strip(),
        Optional.ofNullable(reason).map(String::strip).filter(why -> !why.isEmpty()).orElse(null),
        requestId == null ? UUID.randomUUID().toString() : requestId);
  }

  /** {@code by ada: the medium is cold}. */
  String byAndWhy() {
    return "by " + by + (reason == null ? "" : ": " + reason);
  }
}
