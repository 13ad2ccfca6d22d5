package org.cellos.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A protocol as written, built-in or a user's own.
 *
 * @param name what it is called, for example {@code passage}
 * @param source where it is written
 * @param cellLine a user's own protocol may name one
 * @param vessel a user's own protocol may name one
 * @param needs facts without which a cell line cannot have it
 * @param kinds of vessel that it fits
 * @param bottoms of vessel that it fits
 * @param startsWith what is in the containers when it begins, by their name in the protocol
 * @param impliedTubes those that the protocol it was taken from never names
 * @param steps at least one
 * @param safeState what is done where the execution fails or is cancelled
 */
record ProtocolTemplate(
    String name,
    YamlNode source,
    Optional<YamlNode> cellLine,
    Optional<YamlNode> vessel,
    Set<Need> needs,
    Set<Vessel.Kind> kinds,
    Set<Vessel.Bottom> bottoms,
    Map<String, TemplateStep.Amount> startsWith,
    Set<String> impliedTubes,
    List<TemplateStep> steps,
    List<TemplateStep> safeState) {

  /** Written, repeated and used ones together, groups included. */
  static final int MOST_STEPS = 10_000;

  /** A fact of a cell line. */
  enum Need {
    PASSAGE_VOLUMES,
    COATING
  }

  ProtocolTemplate {
    needs = Set.copyOf(needs);
    kinds = Set.copyOf(kinds);
    bottoms = Set.copyOf(bottoms);
    startsWith = Collections.unmodifiableMap(new LinkedHashMap<>(startsWith));
    impliedTubes = Set.copyOf(impliedTubes);
    steps = List.copyOf(steps);
    safeState = List.copyOf(safeState);
  }
}
