package org.cellos.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The facts that protocols are resolved from: prices, vessels, coatings, cell lines and the
 * built-in protocols. Immutable.
 */
public final class ProtocolData {
  private static final String IN_THE_JAR = "/org/cellos/data/";
  private static final List<String> PROTOCOLS = List.of("passage", "thaw", "feed", "coat");

  private final PriceList prices;
  private final VesselCatalog vessels;
  private final Map<String, Coating> coatings;
  private final Map<String, CellLine> lines;
  private final Map<String, ProtocolTemplate> protocols;

  private ProtocolData(
      PriceList prices,
      VesselCatalog vessels,
      Map<String, Coating> coatings,
      Map<String, CellLine> lines,
      Map<String, ProtocolTemplate> protocols) {
    this.prices = prices;
    this.vessels = vessels;
    this.coatings = coatings;
    this.lines = lines;
    this.protocols = protocols;
  }

  /**
   * Reads all files and checks them together.
   *
   * @param directory whose files come before their twins in the jar; a file that it lacks comes
   *     from there
   * @throws ProtocolException with everything that is wrong, each with file, line and path
   */
  public static ProtocolData load(Optional<Path> directory) {
    Problems problems = new Problems();
    PriceList prices = PriceList.read(open(directory, "raw/pricing.yaml", problems));
    VesselCatalog vessels =
        VesselCatalog.read(open(directory, "raw/vessels.yaml", problems), prices);
    Map<String, Coating> coatings =
        Coating.readAll(open(directory, "coatings.yaml", problems), prices);
    Map<String, CellLine> lines =
        CellLine.readAll(
            open(directory, "cell_lines.yaml", problems), prices, coatings.keySet(), vessels);
    Map<String, ProtocolTemplate> protocols = new LinkedHashMap<>();
    for (String name : PROTOCOLS) {
      YamlNode root = open(directory, "protocols/" + name + ".yaml", problems);
      ProtocolTemplate template = TemplateReader.read(root);
      if (!template.name().equals(name)) {
        root.problem("must be the protocol '" + name + "', not '" + template.name() + "'");
      }
      protocols.put(name, template);
    }
    problems.throwIfAny();
    return new ProtocolData(
        prices, vessels, coatings, lines, Collections.unmodifiableMap(protocols));
  }

  /** Names of the cell lines, in the order of their file. */
  public List<String> cellLineNames() {
    return List.copyOf(lines.keySet());
  }

  /** Ids of the vessels, in the order of their file. */
  public List<String> vesselIds() {
    return List.copyOf(vessels.vessels().keySet());
  }

  /** Names of the built-in protocols. */
  public List<String> operations() {
    return PROTOCOLS;
  }

  PriceList prices() {
    return prices;
  }

  VesselCatalog vessels() {
    return vessels;
  }

  Optional<Coating> coatingOf(CellLine line) {
    return line.coating().map(coatings::get);
  }

  Optional<ProtocolTemplate> protocol(String name) {
    return Optional.ofNullable(protocols.get(name));
  }

  /**
   * @throws ProtocolException naming the nearest cell line, if there is none of this name
   */
  CellLine cellLine(String name) {
    return lines.values().stream()
        .filter(line -> line.id().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ProtocolException(
                    "The cell line '"
                        + name
                        + "' is not known"
                        + NearestName.hint(name, lines.keySet())));
  }

  /**
   * @throws ProtocolException naming the nearest vessel, if there is none of this name
   */
  Vessel vessel(String name) {
    return vessels
        .find(name)
        .orElseThrow(
            () ->
                new ProtocolException(
                    "The vessel '"
                        + name
                        + "' is not known"
                        + NearestName.of(name, vessels.names())
                            .map(near -> ": did you mean '" + near + "'?")
                            .orElse(".")
                        + " Known: "
                        + String.join(", ", vesselIds())
                        + "."));
  }

  private static YamlNode open(Optional<Path> directory, String file, Problems problems) {
    Optional<Path> own = directory.map(folder -> folder.resolve(file)).filter(Files::exists);
    if (own.isPresent()) {
      return YamlReader.read(own.get(), problems);
    }
    try (InputStream stream = ProtocolData.class.getResourceAsStream(IN_THE_JAR + file)) {
      if (stream == null) {
        throw new IllegalStateException("the jar lacks its protocol facts: " + file);
      }
      return YamlReader.read("built-in " + file, stream, problems);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " from the jar", e);
    }
  }
}
