package org.cellos.view;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.EngineIdentity;
import org.cellos.engine.Engines;
import org.cellos.store.ExecutionDetails;

/** Where the Temporal Web UI shows an execution. */
public final class WebUi {
  /** Names the Web UI of a server whose address does not tell. */
  static final String VARIABLE = "CELLOS_TEMPORAL_UI";

  /** Where the development server has it. */
  private static final String LOCAL = "http://127.0.0.1:8233";

  private static final String CLOUD_ADDRESSES = ".tmprl.cloud";
  private static final String CLOUD = "https://cloud.temporal.io";

  private WebUi() {}

  /**
   * Empty where there is none, or nobody has said where.
   *
   * @param environment the process's variables
   */
  public static Optional<String> link(
      Map<String, String> environment, String executionId, ExecutionDetails details) {
    EngineIdentity engine = details.engine();
    return base(environment, engine)
        .map(
            base ->
                base.replaceFirst("/+$", "")
                    + "/namespaces/"
                    + encoded(engine.namespace())
                    + "/workflows/"
                    + encoded(executionId)
                    + "/"
                    + encoded(details.temporalRunId())
                    + "/history");
  }

  private static Optional<String> base(Map<String, String> environment, EngineIdentity engine) {
    return switch (engine.kind()) {
      case IN_MEMORY -> Optional.empty();
      case MANAGED -> Engines.webUi(Path.of(engine.address()));
      case LOCAL -> named(environment).or(() -> Optional.of(LOCAL));
      case EXTERNAL ->
          named(environment)
              .or(
                  () ->
                      Optional.of(CLOUD)
                          .filter(cloud -> engine.address().contains(CLOUD_ADDRESSES)));
    };
  }

  /** A variable that is set to nothing counts as not set. */
  private static Optional<String> named(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(VARIABLE)).filter(name -> !name.isBlank());
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }
}
