package org.cellos.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The facts that protocols are resolved from: prices, vessels, coatings, cell lines and the
 * built-in protocols. Immutable.
 */
public final class ProtocolData {
  private static final String IN_THE_JAR = "/org/cellos/data/";
  private static final List<String> PROTOCOLS = List.of("passage", "thaw", "feed", "coat");

  private static final List<String> FILES =
      Stream.concat(
              Stream.of("raw/pricing.yaml", "raw/vessels.yaml", "coatings.yaml", "cell_lines.yaml"),
              PROTOCOLS.stream().map(ProtocolData::fileOf))
          .toList();

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
    directory
        .filter(folder -> !Files.isDirectory(folder))
        .ifPresent(
            folder -> {
              throw new ProtocolException("The data directory " + folder + " is no directory.");
            });
    Problems problems = new Problems();
    Map<String, YamlNode> files = new LinkedHashMap<>();
    for (String file : FILES) {
      problems
          .collect(() -> open(directory, file, problems))
          .ifPresent(root -> files.put(file, root));
    }
    // What the others are checked against must be there.
    problems.throwIfAny();
    PriceList prices = PriceList.read(file(files, "raw/pricing.yaml"));
    if (prices.resources().isEmpty()) {
      problems.throwIfAny();
    }
    VesselCatalog vessels = VesselCatalog.read(file(files, "raw/vessels.yaml"), prices);
    if (vessels.vessels().isEmpty()) {
      problems.throwIfAny();
    }
    Map<String, Coating> coatings = Coating.readAll(file(files, "coatings.yaml"), prices);
    Map<String, CellLine> lines =
        CellLine.readAll(file(files, "cell_lines.yaml"), prices, coatings.keySet(), vessels);
    Map<String, ProtocolTemplate> protocols = new LinkedHashMap<>();
    for (String name : PROTOCOLS) {
      YamlNode root = file(files, fileOf(name));
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

  /**
   * What is known of a cell line.
   *
   * @param name in any case
   * @throws ProtocolException naming the nearest, if there is none of this name
   */
  public CellLineProfile profile(String name) {
    return CellLineProfile.of(cellLine(name), this);
  }

  /**
   * The canonical id of a vessel.
   *
   * @param name id or short name, in any case
   * @throws ProtocolException naming the nearest, if there is none of this name
   */
  public String vesselId(String name) {
    return vessel(name).id();
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

  private static String fileOf(String protocol) {
    return "protocols/" + protocol + ".yaml";
  }

  private static YamlNode file(Map<String, YamlNode> files, String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  private static YamlNode open(Optional<Path> directory, String file, Problems problems) {
    // A link to nowhere is a mistake in the folder, not a file that it lacks.
    Optional<Path> own =
        directory
            .map(folder -> folder.resolve(file))
            .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
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
