package org.cellos.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a request, in the one form that programs and people get.
 *
 * @param status the HTTP status
 * @param code a stable word for programs: {@code bad_request}, {@code not_found}, {@code refused},
 *     {@code no_history}, {@code unavailable}, {@code defect}…
 * @param message a sentence for people: what is wrong and what to do
 * @param field which parameter is meant; null where it is none
 * @param incident finds a defect in the log; null for everything else
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    int status, String code, String message, @Nullable String field, @Nullable String incident) {

  static Problem of(int status, String code, String message) {
    return new Problem(status, code, message, null, null);
  }

  static Problem badRequest(@Nullable String field, String message) {
    return new Problem(400, "bad_request", message, field, null);
  }
}
