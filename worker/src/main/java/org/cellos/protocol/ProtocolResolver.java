package org.cellos.protocol;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.jspecify.annotations.Nullable;

/** Fills every quantity of a protocol in, for a cell line and a vessel. Thread-safe. */
public final class ProtocolResolver {
  private final ProtocolData data;

  public ProtocolResolver(ProtocolData data) {
    this.data = data;
  }

  /**
   * Resolves a built-in protocol.
   *
   * @param operation {@code passage}, {@code thaw}, {@code feed} or {@code coat}
   * @param cellLine in any case
   * @param vessel id or short name, in any case
   * @throws ProtocolException saying which of them is not known or why they do not fit
   */
  public ResolvedProtocol resolve(
      String operation, String cellLine, String vessel, Profile profile) {
    if (profile == Profile.BENCH) {
      throw new ProtocolException(
          "The profile 'bench' comes with a later version; use the profile 'original'.");
    }
    ProtocolTemplate template =
        data.protocol(operation)
            .orElseThrow(
                () ->
                    new ProtocolException(
                        "The operation '"
                            + operation
                            + "' is not known"
                            + NearestName.hint(operation, data.operations())));
    CellLine line = data.cellLine(cellLine);
    Vessel target = data.vessel(vessel);
    requireFit(template, line, target);
    return Expansion.ofBuiltIn(new Setup(data, template, line, target)).resolved(profile);
  }

  /**
   * Resolves a protocol of the user's own, in which taking what is not there or filling above the
   * safe level is an error.
   *
   * @param file in the language of {@link TemplateReader}
   * @param cellLine in place of the file's own
   * @param vessel in place of the file's own
   * @throws ProtocolException with everything that is wrong with it
   */
  public ResolvedProtocol resolveFile(
      Path file, Optional<String> cellLine, Optional<String> vessel) {
    Problems problems = new Problems();
    return resolveOwn(YamlReader.read(file, problems), problems, cellLine, vessel);
  }

  /**
   * The same, of a text that somebody has sent instead of a file.
   *
   * @param name what people call it; messages about its lines begin with it
   */
  public ResolvedProtocol resolveText(
      String name, String text, Optional<String> cellLine, Optional<String> vessel) {
    Problems problems = new Problems();
    return resolveOwn(YamlReader.readText(name, text, problems), problems, cellLine, vessel);
  }

  private ResolvedProtocol resolveOwn(
      YamlNode root, Problems problems, Optional<String> cellLine, Optional<String> vessel) {
    ProtocolTemplate template = TemplateReader.read(root);
    problems.throwIfAny();
    @Nullable CellLine line =
        cellLine
            .map(data::cellLine)
            .or(() -> named(template.cellLine(), data::cellLine, problems))
            .orElse(null);
    @Nullable Vessel target =
        vessel
            .map(data::vessel)
            .or(() -> named(template.vessel(), data::vessel, problems))
            .orElse(null);
    problems.throwIfAny();
    if (line != null && target != null) {
      requireFit(template, line, target);
    }
    return Expansion.ofUsersOwn(new Setup(data, template, line, target)).resolved(Profile.ORIGINAL);
  }

  /** Why a built-in protocol cannot be resolved; empty where it can. */
  public Optional<String> whyNot(String operation, String cellLine, String vessel) {
    try {
      resolve(operation, cellLine, vessel, Profile.ORIGINAL);
      return Optional.empty();
    } catch (ProtocolException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  /** What the file names; a problem with its place in the file where it is not known. */
  private static <T> Optional<T> named(
      Optional<YamlNode> node, Function<String, T> lookUp, Problems problems) {
    return node.flatMap(
        place ->
            place
                .text()
                .flatMap(
                    name -> {
                      try {
                        return Optional.of(lookUp.apply(name));
                      } catch (ProtocolException e) {
                        problems.add(place.problemOf(String.valueOf(e.getMessage())));
                        return Optional.empty();
                      }
                    }));
  }

  private void requireFit(ProtocolTemplate template, CellLine line, Vessel vessel) {
    for (ProtocolTemplate.Need need : template.needs()) {
      switch (need) {
        case PASSAGE_VOLUMES -> {
          if (line.passage().isEmpty()) {
            throw new ProtocolException(
                "No passaging config for "
                    + line.id()
                    + ". Add a passage block to the line in data/cell_lines.yaml; HEK293 shows how.");
          }
        }
        case COATING -> {
          if (line.coating().isEmpty()) {
            throw new ProtocolException(line.id() + " grows on bare plastic and needs no coating.");
          }
        }
      }
    }
    if (!template.kinds().contains(vessel.kind())) {
      throw new ProtocolException(
          "The protocol "
              + template.name()
              + " is for "
              + template.kinds().stream()
                  .map(kind -> kind.word() + "s")
                  .sorted()
                  .collect(joining(" and "))
              + ", and "
              + vessel.id()
              + " is a "
              + vessel.kind().word()
              + ".");
    }
    if (!template.bottoms().contains(vessel.bottom())) {
      throw new ProtocolException(
          "The protocol "
              + template.name()
              + " needs a flat bottom for the cells to settle on, and the wells of "
              + vessel.id()
              + " are "
              + vessel.bottom().name()
              + "-shaped.");
    }
  }
}
