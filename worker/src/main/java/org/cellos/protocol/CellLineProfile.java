package org.cellos.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of a cell line, for people.
 *
 * @param id canonical name
 * @param name for people
 * @param facts in the order in which they are read; quantities with their units
 */
public record CellLineProfile(String id, String name, List<Fact> facts) {

  /** One thing that is known. */
  public record Fact(String name, String value) {}

  public CellLineProfile {
    facts = List.copyOf(facts);
  }

  static CellLineProfile of(CellLine line, ProtocolData data) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Cell type", line.cellType()));
    facts.add(new Fact("Cost tier", line.costTier()));
    facts.add(new Fact("Medium", line.medium()));
    facts.add(new Fact("Wash buffer", line.washBuffer().orElse("not known")));
    facts.add(new Fact("Detach reagent", line.detachReagent().orElse("not known")));
    facts.add(new Fact("Coating", line.coating().orElse("none: grows on bare plastic")));
    data.coatingOf(line)
        .ifPresent(
            coating -> {
              facts.add(
                  new Fact(
                      "Coating amount",
                      coating.volume() + " for " + coating.surfaceCm2() + " cm²"));
              facts.add(
                  new Fact(
                      "Coating stays on", coating.minutes() + " min at " + coating.temperature()));
              coating
                  .dilution()
                  .ifPresent(
                      dilution ->
                          facts.add(
                              new Fact(
                                  "Coating is mixed of",
                                  dilution.stockPercent() + " % stock in " + dilution.diluent())));
            });
    line.feed()
        .ifPresent(
            feed ->
                facts.add(
                    new Fact(
                        "Feed",
                        feed.volume()
                            + " "
                            + line.feedMedium()
                            + " for a T75, every "
                            + feed.intervalDays()
                            + " days")));
    line.thawVolumes()
        .forEach((name, volume) -> facts.add(new Fact("Thaw: " + name, volume.toString())));
    line.passage()
        .ifPresentOrElse(
            passage ->
                passage
                    .blocks()
                    .forEach(
                        (vessel, block) -> {
                          block
                              .volumes()
                              .forEach(
                                  (name, volume) ->
                                      facts.add(
                                          new Fact(
                                              "Passage in " + vessel + ": " + name,
                                              volume.toString())));
                          facts.add(
                              new Fact(
                                  "Passage in " + vessel + ": detach",
                                  block.detachMinutes() + " min at " + block.detachTemperature()));
                        }),
            () -> facts.add(new Fact("Passage", "not known: cannot be passaged yet")));
    return new CellLineProfile(line.id(), line.name(), facts);
  }
}
