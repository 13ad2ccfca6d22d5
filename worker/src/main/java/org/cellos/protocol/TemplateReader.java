package org.cellos.protocol;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.cellos.domain.Parameters;
import org.cellos.domain.Volume;

/**
 * Reads a protocol as written: the built-in ones and those of users are in one language.
 *
 * <p>A file has {@code protocol} (its name), {@code steps}, and perhaps {@code cell_line}, {@code
 * vessel}, {@code starts_with_ml} (mL in the vessel, or a map of containers), {@code needs}, {@code
 * vessel_kinds}, {@code bottoms} and {@code implied_tubes}. A step has an {@code operation} and its
 * quantities:
 *
 * <ul>
 *   <li>{@code aspirate}: a volume, {@code from}, {@code to} (default {@code waste}), {@code
 *       liquid}
 *   <li>{@code dispense}: a volume, {@code reagent}, {@code to}, {@code from} (default a bottle)
 *   <li>{@code mix}: a volume, {@code vessel}, {@code cycles}
 *   <li>{@code incubate}: {@code vessel}, {@code minutes} and {@code temperature_c}, or {@code
 *       duration}
 *   <li>{@code centrifuge}: {@code vessel}, {@code g_force}, {@code minutes}
 *   <li>{@code count}: {@code vessel}, {@code method}, a volume
 *   <li>any operation with {@code steps}: a group, shown as one operation
 *   <li>{@code repeat} in place of an operation, with {@code times} (1 to 1000) and {@code steps}:
 *       these, so many times
 *   <li>any other operation, a word in lower case: for a handler, with {@code parameters}
 * </ul>
 *
 * <p>Each of them but a group may have a {@code mark}, a word for its end, and a {@code window}:
 * when it may begin {@code since} an earlier mark, {@code at_least_minutes} and {@code
 * at_most_minutes}, with {@code rescue} steps for where it comes too late. What is done where the
 * execution fails or is cancelled are the steps of {@code safe_state}.
 *
 * <p>A volume is {@code volume_ml} (everything), {@code volume_per_well_ml}, or {@code volume} with
 * the name of one that the vessel or the cell line gives.
 */
final class TemplateReader {
  private static final List<String> FILE_KEYS =
      List.of(
          "protocol",
          "cell_line",
          "vessel",
          "starts_with_ml",
          "needs",
          "vessel_kinds",
          "bottoms",
          "implied_tubes",
          "steps",
          "safe_state");
  private static final List<String> COMMON_KEYS = List.of("operation", "when", "name", "label");
  private static final List<String> TIME_KEYS = List.of("mark", "window");
  private static final List<String> VOLUME_KEYS =
      List.of("volume", "volume_ml", "volume_per_well_ml");
  private static final String VESSEL = Words.VESSEL;
  private static final List<String> BUILT_IN =
      List.of("aspirate", "dispense", "mix", "incubate", "centrifuge", "count");
  private static final String OPERATION = "[a-z][a-z0-9_]*";
  private static final int MOST_CYCLES = 100;
  private static final int MOST_TIMES = 1000;
  private static final double MOST_G = 30_000;

  private int stepCount;

  private TemplateReader() {}

  static ProtocolTemplate read(YamlNode root) {
    return new TemplateReader().template(root);
  }

  private ProtocolTemplate template(YamlNode root) {
    Fields file = root.fields(FILE_KEYS);
    List<TemplateStep> steps = new ArrayList<>();
    file.node("steps")
        .ifPresentOrElse(
            list -> steps.addAll(steps(list)), () -> root.problem("needs the key 'steps'"));
    List<TemplateStep> safeState = file.node("safe_state").map(this::steps).orElse(List.of());
    if (stepCount > ProtocolTemplate.MOST_STEPS) {
      root.problem("has " + stepCount + " steps; " + ProtocolTemplate.MOST_STEPS + " are the most");
    }
    return new ProtocolTemplate(
        file.text("protocol"),
        root,
        file.node("cell_line"),
        file.node(VESSEL),
        words(file, "needs", ProtocolTemplate.Need.class, Set.of()),
        words(file, "vessel_kinds", Vessel.Kind.class, EnumSet.allOf(Vessel.Kind.class)),
        words(file, "bottoms", Vessel.Bottom.class, EnumSet.allOf(Vessel.Bottom.class)),
        startsWith(file),
        impliedTubes(file),
        steps,
        safeState);
  }

  private static <E extends Enum<E>> Set<E> words(
      Fields file, String key, Class<E> type, Set<E> standard) {
    Optional<YamlNode> list = file.node(key);
    if (list.isEmpty()) {
      return standard;
    }
    Map<String, E> known = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      known.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    Set<E> words = EnumSet.noneOf(type);
    for (YamlNode item : list.get().items()) {
      Fields.known(item, known.keySet()).map(known::get).ifPresent(words::add);
    }
    return words;
  }

  private static Set<String> impliedTubes(Fields file) {
    Set<String> tubes = new LinkedHashSet<>();
    file.node("implied_tubes")
        .ifPresent(list -> list.items().forEach(item -> item.text().ifPresent(tubes::add)));
    return tubes;
  }

  private static Map<String, TemplateStep.Amount> startsWith(Fields file) {
    Map<String, TemplateStep.Amount> contents = new LinkedHashMap<>();
    file.node("starts_with_ml")
        .ifPresent(
            node -> {
              if (node.isMap()) {
                node.entries()
                    .forEach(
                        (container, value) ->
                            contentsOf(value).ifPresent(amount -> contents.put(container, amount)));
              } else {
                contentsOf(node).ifPresent(amount -> contents.put(VESSEL, amount));
              }
            });
    return contents;
  }

  private static Optional<TemplateStep.Amount> contentsOf(YamlNode value) {
    if (value.isText()) {
      return value.text().map(TemplateStep.Amount.Named::new);
    }
    return value
        .number(0, Fields.MOST_MILLILITRES)
        .map(Volume::ofMillilitres)
        .map(TemplateStep.Amount.Total::new);
  }

  private List<TemplateStep> steps(YamlNode list) {
    List<YamlNode> items = list.items();
    if (items.isEmpty()) {
      list.problem("needs at least one step");
    }
    return items.stream().flatMap(item -> step(item).stream()).toList();
  }

  private Optional<TemplateStep> step(YamlNode node) {
    stepCount++;
    Map<String, YamlNode> entries = node.entries();
    if (entries.containsKey("use")) {
      Fields fields = node.fields(List.of("use", "when"));
      return Optional.of(new TemplateStep.Use(head(node, fields), fields.text("use")));
    }
    YamlNode repeat = entries.get("repeat");
    if (repeat != null) {
      return Optional.of(repeat(node, repeat));
    }
    YamlNode operation = entries.get("operation");
    if (operation == null) {
      node.problem("needs the key 'operation'");
      return Optional.empty();
    }
    return operation.text().flatMap(word -> step(node, word, entries));
  }

  private TemplateStep repeat(YamlNode node, YamlNode repeat) {
    Fields fields = node.fields(List.of("repeat", "when", "name"));
    if (!repeat.isMap()) {
      repeat.problem("must be a map of 'times' and 'steps'");
      return new TemplateStep.Repeat(head(node, fields), 1, List.of());
    }
    Fields body = repeat.fields(List.of("times", "steps"));
    List<TemplateStep> steps = new ArrayList<>();
    body.node("steps")
        .ifPresentOrElse(
            list -> steps.addAll(steps(list)), () -> repeat.problem("needs the key 'steps'"));
    return new TemplateStep.Repeat(head(node, fields), body.whole("times", 1, MOST_TIMES), steps);
  }

  private Optional<TemplateStep> step(
      YamlNode node, String operation, Map<String, YamlNode> entries) {
    if (!operation.matches(OPERATION)) {
      node.problem(
          "the operation '"
              + operation
              + "' must be a word of a–z, 0–9 and _, in lower case"
              + NearestName.of(operation, BUILT_IN)
                  .map(near -> ": did you mean '" + near + "'?")
                  .orElse(""));
      return Optional.empty();
    }
    if (entries.containsKey("steps")) {
      Fields fields = node.fields(joined(COMMON_KEYS, List.of("steps")));
      List<TemplateStep> steps = steps(entries.get("steps"));
      return Optional.of(new TemplateStep.Group(head(node, fields), operation, steps));
    }
    return switch (operation) {
      case "aspirate" -> aspirate(node);
      case "dispense" -> dispense(node);
      case "mix" -> mix(node);
      case "incubate" -> incubate(node);
      case "centrifuge" -> centrifuge(node);
      case "count" -> count(node);
      default -> custom(node, operation);
    };
  }

  private Optional<TemplateStep> aspirate(YamlNode node) {
    Fields fields = fieldsWithVolume(node, List.of("from", "to", "liquid"));
    return amount(node, fields)
        .map(
            amount ->
                new TemplateStep.Aspirate(
                    head(node, fields),
                    amount,
                    fields.optionalText("liquid").orElse(""),
                    fields.optionalText("from").orElse(VESSEL),
                    fields.optionalText("to").orElse(Contents.WASTE)));
  }

  private Optional<TemplateStep> dispense(YamlNode node) {
    Fields fields = fieldsWithVolume(node, List.of("reagent", "from", "to"));
    String reagent = fields.text("reagent");
    return amount(node, fields)
        .map(
            amount ->
                new TemplateStep.Dispense(
                    head(node, fields),
                    reagent,
                    amount,
                    fields.optionalText("from").orElse(Contents.STOCK),
                    fields.optionalText("to").orElse(VESSEL)));
  }

  private Optional<TemplateStep> mix(YamlNode node) {
    Fields fields = fieldsWithVolume(node, List.of(VESSEL, "cycles"));
    int cycles = fields.has("cycles") ? fields.whole("cycles", 1, MOST_CYCLES) : 1;
    return amount(node, fields)
        .map(amount -> new TemplateStep.Mix(head(node, fields), vesselOf(fields), amount, cycles));
  }

  private Optional<TemplateStep> incubate(YamlNode node) {
    Fields fields =
        fields(node, List.of(VESSEL, "duration", "minutes", "temperature_c", "location"));
    TemplateStep.Duration duration;
    if (fields.has("duration")) {
      duration = new TemplateStep.Duration.Named(fields.text("duration"));
    } else {
      duration =
          new TemplateStep.Duration.Given(
              fields.minutes("minutes"), fields.number("temperature_c", -80, 95));
    }
    return Optional.of(
        new TemplateStep.Incubate(
            head(node, fields), vesselOf(fields), duration, fields.optionalText("location")));
  }

  private Optional<TemplateStep> centrifuge(YamlNode node) {
    Fields fields = fields(node, List.of(VESSEL, "g_force", "minutes"));
    return Optional.of(
        new TemplateStep.Centrifuge(
            head(node, fields),
            vesselOf(fields),
            fields.positive("g_force", MOST_G),
            fields.minutes("minutes")));
  }

  private Optional<TemplateStep> count(YamlNode node) {
    Fields fields = fieldsWithVolume(node, List.of(VESSEL, "method"));
    return amount(node, fields)
        .map(
            amount ->
                new TemplateStep.Count(
                    head(node, fields),
                    vesselOf(fields),
                    fields.optionalText("method").orElse("manual"),
                    amount));
  }

  /**
   * A word near a built-in one is taken for a slip unless the step says by {@code parameters} that
   * a handler is meant.
   */
  private Optional<TemplateStep> custom(YamlNode node, String operation) {
    Fields fields = fields(node, List.of(VESSEL, "minutes", "parameters"));
    if (!fields.has("parameters")) {
      NearestName.of(operation, BUILT_IN)
          .ifPresent(
              near ->
                  node.problem(
                      "the operation '"
                          + operation
                          + "' is not known: did you mean '"
                          + near
                          + "'? An operation for a handler of your own needs the key 'parameters'"));
    }
    double minutes = fields.has("minutes") ? fields.minutes("minutes") : 0;
    Map<String, Object> parameters = new LinkedHashMap<>();
    fields
        .node("parameters")
        .ifPresent(
            map ->
                map.entries()
                    .forEach(
                        (key, value) ->
                            value.value().ifPresent(known -> parameters.put(key, known))));
    for (String key : List.of(VESSEL, "minutes")) {
      if (fields.has(key) && parameters.containsKey(key)) {
        node.problem("has '" + key + "' in its parameters too: keep the one beside 'operation'");
      }
    }
    return Optional.of(
        new TemplateStep.Custom(
            head(node, fields),
            operation,
            fields.optionalText(VESSEL),
            minutes,
            new Parameters(parameters)));
  }

  private static String vesselOf(Fields fields) {
    return fields.optionalText(VESSEL).orElse(VESSEL);
  }

  private static Fields fields(YamlNode node, List<String> keys) {
    return node.fields(joined(joined(COMMON_KEYS, TIME_KEYS), keys));
  }

  private static Fields fieldsWithVolume(YamlNode node, List<String> keys) {
    return fields(node, joined(VOLUME_KEYS, keys));
  }

  private static List<String> joined(List<String> some, List<String> more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  private TemplateStep.Head head(YamlNode node, Fields fields) {
    Map<String, TemplateStep.Condition> conditions = new LinkedHashMap<>();
    for (TemplateStep.Condition condition : TemplateStep.Condition.values()) {
      conditions.put(condition.name().toLowerCase(Locale.ROOT), condition);
    }
    TemplateStep.Condition condition =
        fields
            .optionalName("when", conditions.keySet())
            .map(conditions::get)
            .orElse(TemplateStep.Condition.ALWAYS);
    return new TemplateStep.Head(
        node,
        condition,
        fields.optionalText("name"),
        fields.optionalText("label"),
        fields.node("mark").flatMap(TemplateReader::mark),
        fields.node("window").map(this::window));
  }

  private static Optional<String> mark(YamlNode node) {
    Optional<String> word = node.text();
    if (word.isPresent() && !word.get().matches(OPERATION)) {
      node.problem("the mark '" + word.get() + "' must be a word of a–z, 0–9 and _, in lower case");
      return Optional.empty();
    }
    return word;
  }

  private TemplateStep.Window window(YamlNode node) {
    Fields fields = node.fields(List.of("since", "at_least_minutes", "at_most_minutes", "rescue"));
    String since = fields.text("since");
    Optional<Double> least = minutes(fields, "at_least_minutes");
    Optional<Double> most = minutes(fields, "at_most_minutes");
    if (least.isEmpty() && most.isEmpty()) {
      node.problem("needs at_least_minutes or at_most_minutes");
    }
    if (least.isPresent() && most.isPresent() && least.get() > most.get()) {
      node.problem(
          "at_least_minutes is "
              + least.get()
              + ", more than the "
              + most.get()
              + " of at_most_minutes");
    }
    Optional<YamlNode> rescue = fields.node("rescue");
    if (rescue.isPresent() && most.isEmpty()) {
      rescue
          .get()
          .problem("is done where more than at_most_minutes have passed: give those as well");
    }
    return new TemplateStep.Window(
        node, since, least, most, rescue.map(this::steps).orElse(List.of()));
  }

  private static Optional<Double> minutes(Fields fields, String key) {
    return fields.has(key) ? Optional.of(fields.minutes(key)) : Optional.empty();
  }

  private static Optional<TemplateStep.Amount> amount(YamlNode node, Fields fields) {
    List<String> given = VOLUME_KEYS.stream().filter(fields::has).toList();
    if (given.size() != 1) {
      node.problem(
          given.isEmpty()
              ? "needs a volume: volume_ml, volume_per_well_ml or volume"
              : "has " + String.join(" and ", given) + ": keep one");
      return Optional.empty();
    }
    YamlNode value = fields.node(given.get(0)).orElseThrow();
    Function<Volume, TemplateStep.Amount> kind =
        given.get(0).equals("volume_per_well_ml")
            ? TemplateStep.Amount.PerWell::new
            : TemplateStep.Amount.Total::new;
    return given.get(0).equals("volume")
        ? value.text().map(TemplateStep.Amount.Named::new)
        : Fields.volumeOf(value).map(kind);
  }
}
