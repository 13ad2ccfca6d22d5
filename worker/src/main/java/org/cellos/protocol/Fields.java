package org.cellos.protocol;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.cellos.domain.Minutes;
import org.cellos.domain.Volume;

/**
 * The fields of one map in a YAML file.
 *
 * <p>A required field that is missing or wrong is reported, and a harmless value stands in for it,
 * so that reading goes on to the next problem. What is read is used only if nothing was reported.
 */
final class Fields {
  /** No vessel, tube or bottle in a culture hood holds more. */
  static final double MOST_MILLILITRES = 10_000;

  private static final double LEAST_MINUTES = 0.01;

  private final YamlNode map;
  private final Map<String, YamlNode> entries;

  Fields(YamlNode map, Map<String, YamlNode> entries) {
    this.map = map;
    this.entries = entries;
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  Optional<YamlNode> node(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  String text(String key) {
    return required(key, YamlNode::text, "?");
  }

  Optional<String> optionalText(String key) {
    return node(key).flatMap(YamlNode::text);
  }

  double number(String key, double least, double most) {
    return required(key, value -> value.number(least, most), least);
  }

  int whole(String key, int least, int most) {
    double number = number(key, least, most);
    if (number != Math.rint(number)) {
      node(key).ifPresent(value -> value.problem("must be a whole number"));
    }
    return (int) number;
  }

  /** A time in minutes that an instrument can keep. */
  double minutes(String key) {
    return number(key, LEAST_MINUTES, Minutes.MOST);
  }

  double positive(String key, double most) {
    return required(key, value -> value.positive(most), most);
  }

  Volume volume(String key) {
    return required(key, value -> volumeOf(value), Volume.ofMillilitres(1));
  }

  boolean flag(String key) {
    return node(key).flatMap(YamlNode::truth).orElse(false);
  }

  /** One of a few words, given in lower case; the first stands in for a wrong one. */
  String oneOf(String key, List<String> words) {
    return required(key, value -> known(value, words), words.get(0));
  }

  /** Text that must be one of {@code known}. */
  /** A number above 0, to {@code most}. */
  Optional<Double> optionalNumber(String key, double most) {
    return node(key).flatMap(value -> value.positive(most));
  }

  Optional<String> optionalName(String key, Collection<String> known) {
    return node(key).flatMap(value -> known(value, known));
  }

  String name(String key, Collection<String> known) {
    return required(key, value -> known(value, known), "?");
  }

  private <T> T required(String key, Function<YamlNode, Optional<T>> read, T standIn) {
    YamlNode value = entries.get(key);
    if (value == null) {
      map.problem("needs the key '" + key + "'");
      return standIn;
    }
    return read.apply(value).orElse(standIn);
  }

  /** A volume in mL that a hood can hold, above 0. */
  static Optional<Volume> volumeOf(YamlNode value) {
    Optional<Volume> volume = value.positive(MOST_MILLILITRES).map(Volume::ofMillilitres);
    if (volume.isPresent() && volume.get().isZero()) {
      value.problem("is less than a nanolitre");
      return Optional.empty();
    }
    return volume;
  }

  static Optional<String> known(YamlNode value, Collection<String> known) {
    Optional<String> text = value.text();
    if (text.isPresent() && !known.contains(text.get())) {
      value.problem("'" + text.get() + "' is not known" + NearestName.hint(text.get(), known));
      return Optional.empty();
    }
    return text;
  }
}
