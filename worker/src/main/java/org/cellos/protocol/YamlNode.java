package org.cellos.protocol;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value in a YAML file that knows where it stands.
 *
 * <p>Reading never throws: what is not as it should be is added to the file's {@link Problems}, and
 * the caller goes on with what it has.
 */
final class YamlNode {
  /** Decimal numbers only: 010, 0x1F, 1:30, 1_000 and .inf mean something else than they seem. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(0|[1-9][0-9]{0,15})(\\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?");

  private static final int MOST_LETTERS = 200;
  private static final int MOST_LETTERS_OF_A_KEY = 100;

  private static final List<Tag> PLAIN =
      List.of(
          Tag.STR,
          Tag.INT,
          Tag.FLOAT,
          Tag.BOOL,
          Tag.NULL,
          Tag.TIMESTAMP,
          Tag.MAP,
          Tag.SEQ,
          Tag.MERGE);

  private final String file;
  private final String path;
  private final Node node;
  private final Problems problems;
  private @Nullable Map<String, YamlNode> entries;

  YamlNode(String file, String path, Node node, Problems problems) {
    this.file = file;
    this.path = path;
    this.node = node;
    this.problems = problems;
    if (!isPlain()) {
      problem("has the tag " + node.getTag() + ": tags are not allowed, write the plain value");
    }
  }

  private boolean isPlain() {
    return PLAIN.contains(node.getTag());
  }

  void problem(String message) {
    problems.add(problemOf(message));
  }

  Problem problemOf(String message) {
    return new Problem(file, node.getStartMark().getLine() + 1, path, message);
  }

  boolean isMap() {
    return node instanceof MappingNode;
  }

  boolean isText() {
    return node instanceof ScalarNode && node.getTag().equals(Tag.STR);
  }

  /** The values of a map by key, in their order; empty if this is no map. */
  Map<String, YamlNode> entries() {
    if (entries == null) {
      // Once, because reading reports.
      entries = Collections.unmodifiableMap(read());
    }
    return entries;
  }

  private Map<String, YamlNode> read() {
    Map<String, YamlNode> read = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      problem("must be a map of keys and values, not " + described());
      return read;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      YamlNode key = new YamlNode(file, path, tuple.getKeyNode(), problems);
      if (!key.isText()) {
        key.problem("the key " + key.described() + " must be text: put it in quotes");
        continue;
      }
      key.text(MOST_LETTERS_OF_A_KEY)
          .ifPresent(
              name -> {
                String valuePath = path.isEmpty() ? name : path + "." + name;
                YamlNode value = new YamlNode(file, valuePath, tuple.getValueNode(), problems);
                if (read.putIfAbsent(name, value) != null) {
                  key.problem("the key '" + name + "' is there twice: keep one");
                }
              });
    }
    return read;
  }

  /** The fields of a map that has these keys and no others. */
  Fields fields(Collection<String> known) {
    entries()
        .forEach(
            (key, value) -> {
              if (!known.contains(key)) {
                value.problem("is not a known key" + NearestName.hint(key, known));
              }
            });
    return new Fields(this, entries());
  }

  /** The values of a list; empty if this is none. */
  List<YamlNode> items() {
    if (!(node instanceof SequenceNode sequence)) {
      problem("must be a list, not " + described());
      return List.of();
    }
    List<YamlNode> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(new YamlNode(file, path + "[" + items.size() + "]", item, problems));
    }
    return items;
  }

  /** A name or id: one line. */
  Optional<String> text() {
    return text(MOST_LETTERS);
  }

  private Optional<String> text(int most) {
    Optional<String> text = lines();
    if (text.isPresent() && text.get().isBlank()) {
      problem("must not be empty");
      return Optional.empty();
    }
    if (text.isPresent() && text.get().length() > most) {
      problem("has " + text.get().length() + " characters; " + most + " are the most");
      return Optional.empty();
    }
    if (text.isPresent() && text.get().codePoints().anyMatch(Character::isISOControl)) {
      problem("must be one line without control characters");
      return Optional.empty();
    }
    return text;
  }

  private Optional<String> lines() {
    if (!isPlain()) {
      return Optional.empty();
    }
    if (!(node instanceof ScalarNode scalar)) {
      problem("must be text, not " + described());
      return Optional.empty();
    }
    if (!isText()) {
      problem(
          scalar.getTag().equals(Tag.NULL)
              ? "has no value: give one, or leave the key out"
              : "must be text, but YAML reads " + described() + ": put it in quotes");
      return Optional.empty();
    }
    return Optional.of(scalar.getValue());
  }

  /** A number from {@code least} to {@code most}. */
  Optional<Double> number(double least, double most) {
    Optional<Double> number = number();
    if (number.isPresent() && !(number.get() >= least && number.get() <= most)) {
      problem(
          "must be from "
              + plain(least)
              + " to "
              + plain(most)
              + ", not "
              + ((ScalarNode) node).getValue());
      return Optional.empty();
    }
    return number;
  }

  /** A number above 0, to {@code most}. */
  Optional<Double> positive(double most) {
    Optional<Double> number = number();
    if (number.isPresent() && !(number.get() > 0 && number.get() <= most)) {
      problem("must be above 0, to " + plain(most) + ", not " + ((ScalarNode) node).getValue());
      return Optional.empty();
    }
    return number;
  }

  private Optional<Double> number() {
    if (node instanceof ScalarNode scalar
        && scalar.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN
        && NUMBER.matcher(scalar.getValue()).matches()) {
      return Optional.of(Double.parseDouble(scalar.getValue()));
    }
    problem("must be a plain decimal number such as 7.5, not " + described());
    return Optional.empty();
  }

  Optional<Boolean> truth() {
    if (node instanceof ScalarNode scalar && scalar.getValue().matches("true|false")) {
      return Optional.of(scalar.getValue().equals("true"));
    }
    problem("must be true or false, not " + described());
    return Optional.empty();
  }

  /** Text, a truth value, a number, or a list or map of these; empty if it is none of them. */
  Optional<Object> value() {
    if (node instanceof MappingNode) {
      Map<String, Object> map = new LinkedHashMap<>();
      entries().forEach((key, child) -> child.value().ifPresent(value -> map.put(key, value)));
      return Optional.of(map);
    }
    if (node instanceof SequenceNode) {
      return Optional.of(items().stream().flatMap(item -> item.value().stream()).toList());
    }
    if (node.getTag().equals(Tag.BOOL)) {
      return truth().map(truth -> truth);
    }
    if (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT)) {
      return number().map(YamlNode::shortest);
    }
    return lines().map(lines -> lines);
  }

  private static Object shortest(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return whole ? (Object) (long) number : (Object) number;
  }

  /** What is written here, and what YAML 1.1 makes of it where that differs. */
  private String described() {
    if (node instanceof MappingNode) {
      return "a map";
    }
    if (!(node instanceof ScalarNode scalar)) {
      return "a list";
    }
    String written = scalar.getValue();
    if (written.length() > 60) {
      written = written.substring(0, 60) + "…";
    }
    if (!isPlain()) {
      return "a value with a tag";
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      return "nothing";
    }
    String quoted = "'" + written + "'";
    if (scalar.getTag().equals(Tag.BOOL)) {
      boolean truth = written.matches("(?i)yes|true|on");
      return written.equals(String.valueOf(truth)) ? quoted : quoted + " as " + truth;
    }
    if (scalar.getTag().equals(Tag.TIMESTAMP)) {
      return quoted + " as a date";
    }
    if (scalar.getTag().equals(Tag.INT) && written.contains(":")) {
      return quoted + " as a number in base 60";
    }
    if (scalar.getTag().equals(Tag.INT) && written.matches("[-+]?0[0-7_]+")) {
      return quoted + " as an octal number";
    }
    if (scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT)) {
      return quoted + " as a number";
    }
    return quoted;
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
