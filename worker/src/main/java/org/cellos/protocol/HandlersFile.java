package org.cellos.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.EffectClass;
import org.cellos.domain.Minutes;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;

/**
 * {@code handlers.yaml}: the operations that a program in any language performs, as an activity on
 * a Temporal task queue of its own, or a device that takes a list of what it has to do as a file.
 *
 * @param handlers by operation type
 * @param worklists by operation type
 */
public record HandlersFile(Map<String, Handler> handlers, Map<String, Worklist> worklists) {
  private static final String WORKLIST = "worklist";
  private static final int MOST_SECONDS = 3600;
  private static final int MOST_ATTEMPTS = 20;
  private static final List<String> KINDS = List.of("number", "text", "flag");
  private static final List<String> EFFECTS =
      List.of(
          EffectClass.ONCE.wireValue(),
          EffectClass.IDEMPOTENT.wireValue(),
          EffectClass.NONE.wireValue());

  /** What a parameter of an operation must be. */
  public record Parameter(String kind, boolean isRequired) {}

  /**
   * One operation.
   *
   * @param activity name of the activity's type
   * @param effect what a second attempt would do
   * @param timeout of one attempt
   * @param heartbeat after which silence an attempt counts as lost; empty where the program is not
   *     heard of before it answers
   * @param attempts 1 where a second one would do it again
   * @param parameters which it understands; others are handed on as they are
   */
  public record Handler(
      String operationType,
      String taskQueue,
      String activity,
      EffectClass effect,
      Duration timeout,
      Optional<Duration> heartbeat,
      int attempts,
      Map<String, Parameter> parameters) {
    public Handler {
      parameters = Map.copyOf(parameters);
    }

    /**
     * @throws ParameterException naming the first parameter that is missing or of another kind
     */
    public void verify(Parameters given) {
      HandlersFile.verify(operationType, parameters, given);
    }
  }

  /**
   * An operation of a device that works through files.
   *
   * @param folder in which it finds them, and in which is answered
   * @param timeout after which a person is asked
   * @param parameters which it understands; others are written as they are
   */
  public record Worklist(
      String operationType, Path folder, Duration timeout, Map<String, Parameter> parameters) {
    public Worklist {
      parameters = Map.copyOf(parameters);
    }

    /**
     * @throws ParameterException naming the first parameter that is missing or of another kind
     */
    public void verify(Parameters given) {
      HandlersFile.verify(operationType, parameters, given);
    }
  }

  private static void verify(
      String operationType, Map<String, Parameter> parameters, Parameters given) {
    parameters.forEach(
        (key, parameter) -> {
          if (given.has(key)) {
            switch (parameter.kind()) {
              case "number" -> given.number(key);
              case "text" -> given.text(key);
              default -> requireFlag(given, key);
            }
          } else if (parameter.isRequired()) {
            throw new ParameterException(
                key + " is missing, which handlers.yaml asks of " + operationType);
          }
        });
  }

  private static void requireFlag(Parameters given, String key) {
    if (!(given.values().get(key) instanceof Boolean)) {
      throw new ParameterException(key + " must be true or false");
    }
  }

  public HandlersFile {
    handlers = Map.copyOf(handlers);
    worklists = Map.copyOf(worklists);
  }

  /**
   * @param file which need not exist: then there are none
   * @throws ProtocolException with everything that is wrong
   */
  public static HandlersFile read(Path file) {
    if (!Files.exists(file)) {
      return new HandlersFile(Map.of(), Map.of());
    }
    Problems problems = new Problems();
    YamlNode root = YamlReader.read(file, problems);
    Map<String, Handler> handlers = new LinkedHashMap<>();
    Map<String, Worklist> worklists = new LinkedHashMap<>();
    root.fields(List.of("handlers"))
        .node("handlers")
        .ifPresentOrElse(
            all ->
                all.entries()
                    .forEach(
                        (type, node) -> {
                          requireType(type, node);
                          if (node.isMap() && node.entries().containsKey(WORKLIST)) {
                            worklists.put(type, worklist(type, node, file));
                          } else {
                            handlers.put(type, handler(type, node));
                          }
                        }),
            () -> root.problem("needs the key 'handlers'"));
    problems.throwIfAny();
    return new HandlersFile(handlers, worklists);
  }

  private static void requireType(String type, YamlNode node) {
    if (!type.matches("[a-z][a-z0-9_]{0,49}")) {
      node.problem("an operation is lower-case letters, digits and _");
    }
  }

  private static Worklist worklist(String type, YamlNode node, Path file) {
    Fields fields = node.fields(List.of(WORKLIST, "timeout_minutes", "parameters"));
    return new Worklist(
        type,
        file.toAbsolutePath().resolveSibling(fields.text(WORKLIST)),
        Minutes.toDuration(fields.minutes("timeout_minutes")),
        parameters(fields));
  }

  private static Handler handler(String type, YamlNode node) {
    Fields fields =
        node.fields(
            List.of(
                "task_queue",
                "activity",
                "effect",
                "timeout_minutes",
                "heartbeat_seconds",
                "attempts",
                "parameters"));
    EffectClass effect =
        fields.has("effect")
            ? EffectClass.ofWireValue(fields.oneOf("effect", EFFECTS))
            : EffectClass.ONCE;
    int attempts = fields.has("attempts") ? fields.whole("attempts", 1, MOST_ATTEMPTS) : 1;
    if (effect == EffectClass.ONCE && attempts > 1) {
      node.problem(
          "attempts must be 1: a second attempt of what is done once would do it again. Or declare"
              + " the effect none or idempotent, if that is true");
    }
    Optional<Duration> heartbeat =
        fields.has("heartbeat_seconds")
            ? Optional.of(Duration.ofSeconds(fields.whole("heartbeat_seconds", 1, MOST_SECONDS)))
            : Optional.empty();
    return new Handler(
        type,
        fields.text("task_queue"),
        fields.optionalText("activity").orElse(type),
        effect,
        Minutes.toDuration(fields.minutes("timeout_minutes")),
        heartbeat,
        attempts,
        parameters(fields));
  }

  private static Map<String, Parameter> parameters(Fields fields) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    fields
        .node("parameters")
        .ifPresent(
            all -> all.entries().forEach((key, value) -> parameters.put(key, parameter(value))));
    return parameters;
  }

  private static Parameter parameter(YamlNode value) {
    if (!value.isMap()) {
      return new Parameter(Fields.known(value, KINDS).orElse(KINDS.get(0)), true);
    }
    Fields fields = value.fields(List.of("type", "optional"));
    return new Parameter(fields.oneOf("type", KINDS), !fields.flag("optional"));
  }
}
