package org.cellos.dashboard;

import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was chosen and typed on the page that executes, as its form shows it again.
 *
 * @param operation empty with a protocol of one's own
 * @param protocol the text of a protocol of one's own; empty for none
 * @param metadata by the names of {@link #METADATA}
 * @param more further metadata, lines of KEY=VALUE
 * @param executionId sent twice, the form starts one execution
 */
public record ExecuteForm(
    String operation,
    String cellLine,
    String vessel,
    String protocol,
    Map<String, String> metadata,
    String more,
    boolean dryRun,
    String instruments,
    String robot,
    String override,
    String priority,
    String speedUp,
    boolean confirmed,
    String executionId) {
  static final List<String> METADATA =
      List.of("experiment", "researcher", "project", "batch", "notes");

  /**
   * @param isFirst whether nothing was chosen yet: a dry run is the default
   */
  static ExecuteForm of(MultivaluedMap<String, String> parameters, boolean isFirst) {
    FormFields fields = new FormFields(parameters);
    Map<String, String> metadata = new LinkedHashMap<>();
    METADATA.forEach(name -> metadata.put(name, fields.orEmpty("meta_" + name)));
    return new ExecuteForm(
        fields.orEmpty("operation"),
        fields.orEmpty("cell_line"),
        fields.orEmpty("vessel"),
        fields.orEmpty("protocol"),
        metadata,
        fields.orEmpty("meta"),
        isFirst || fields.isTicked("dry_run"),
        Optional.ofNullable(fields.text("instruments")).orElse("virtual"),
        fields.orEmpty("robot"),
        fields.orEmpty("override"),
        fields.orEmpty("priority"),
        fields.orEmpty("speed_up"),
        fields.isTicked("confirmed"),
        Optional.ofNullable(fields.text("execution_id"))
            .orElseGet(() -> UUID.randomUUID().toString()));
  }

  boolean isComplete() {
    return !protocol.isEmpty()
        || (!operation.isEmpty() && !cellLine.isEmpty() && !vessel.isEmpty());
  }

  /** What was chosen, as it stands in an address; empty while nothing is. */
  String query() {
    String query =
        Stream.of(
                new String[] {"operation", operation},
                new String[] {"cell_line", cellLine},
                new String[] {"vessel", vessel})
            .filter(pair -> !pair[1].isEmpty())
            .map(pair -> pair[0] + "=" + URLEncoder.encode(pair[1], StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  StartRequest request() {
    boolean isOwn = !protocol.isEmpty();
    return new StartRequest(
        executionId,
        isOwn ? null : orNull(operation),
        orNull(cellLine),
        orNull(vessel),
        null,
        isOwn ? protocol : null,
        "your protocol",
        allMetadata(),
        dryRun,
        instruments,
        // What is chosen for hardware stays in the form while something else is looked at.
        instruments.equals("hardware") ? orNull(robot) : null,
        orNull(override),
        priority.equals("normal") ? null : orNull(priority),
        new FormFields(single("speed_up", speedUp)).number("speed_up"),
        true,
        confirmed);
  }

  private Map<String, Object> allMetadata() {
    Map<String, Object> all = new LinkedHashMap<>();
    metadata.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            all.put(name, value);
          }
        });
    for (String line : more.lines().filter(text -> !text.isBlank()).toList()) {
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw RequestException.badRequest(
            "meta", "'" + line.strip() + "' is no KEY=VALUE, such as donor=17.");
      }
      all.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
    }
    return all;
  }

  private static MultivaluedMap<String, String> single(String name, String value) {
    MultivaluedMap<String, String> map = new jakarta.ws.rs.core.MultivaluedHashMap<>();
    map.add(name, value);
    return map;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
