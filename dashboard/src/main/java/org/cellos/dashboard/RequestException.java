package org.cellos.dashboard;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A request that cannot be followed, and the reason in one sentence. */
final class RequestException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  RequestException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  static RequestException badRequest(@Nullable String field, String message) {
    return new RequestException(Problem.badRequest(field, message));
  }

  static RequestException noSuchExecution(String id) {
    return new RequestException(
        Problem.of(404, "not_found", "There is no execution '" + id + "'."));
  }

  Problem problem() {
    return problem;
  }
}
