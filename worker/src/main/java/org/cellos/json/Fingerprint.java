package org.cellos.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellos.domain.ExecutionInput;

/** Tells whether two requests with one execution id ask for the same. */
public final class Fingerprint {
  private Fingerprint() {}

  /** SHA-256 of everything in the input but its id. */
  public static String of(ExecutionInput input) {
    Map<String, Object> values = new LinkedHashMap<>(Json.readObject(Json.write(input)));
    values.remove("execution_id");
    return Json.sha256(values);
  }
}
