package org.cellos.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.Temperature;
import org.cellos.domain.Volume;

/**
 * How a growth surface is coated.
 *
 * @param reagent id in the price list
 * @param volume covers {@code surfaceCm2}
 * @param surfaceCm2 above 0
 * @param minutes how long it stays on
 * @param temperature at which it stays on
 * @param dilution empty for a coating that goes on as it comes
 */
record Coating(
    String reagent,
    Volume volume,
    double surfaceCm2,
    double minutes,
    Temperature temperature,
    Optional<Dilution> dilution) {

  private static final List<String> KEYS =
      List.of(
          "volume_ml",
          "surface_cm2",
          "minutes",
          "temperature_c",
          "diluent",
          "diluent_label",
          "stock_percent",
          "mix_percent");
  private static final double PERCENT = 100;

  /**
   * How it is mixed before it goes on.
   *
   * @param diluent id in the price list
   * @param diluentLabel what the step's id calls it
   * @param stockPercent of the volume that is stock, above 0 and below 100
   * @param mixPercent of the volume that is drawn up and down to mix, above 0, to 100
   */
  record Dilution(String diluent, String diluentLabel, double stockPercent, double mixPercent) {}

  /**
   * What the template language calls {@code coating}, {@code coating_stock}, {@code
   * coating_diluent} and {@code coating_mix}, for all wells of a vessel.
   */
  Map<String, Volume> volumes(Vessel vessel) {
    Volume total = Scaling.scaled(volume, vessel.totalSurfaceCm2() / surfaceCm2);
    Map<String, Volume> volumes = new LinkedHashMap<>();
    volumes.put("coating", total);
    dilution.ifPresent(
        recipe -> {
          Volume stock = total.scaledBy(recipe.stockPercent / PERCENT);
          volumes.put("coating_stock", stock);
          // What remains, so that the rounded parts make up the whole.
          volumes.put("coating_diluent", total.minus(stock));
          volumes.put("coating_mix", total.scaledBy(recipe.mixPercent / PERCENT));
        });
    return volumes;
  }

  static Map<String, Coating> readAll(YamlNode root, PriceList prices) {
    Map<String, Coating> coatings = new LinkedHashMap<>();
    root.entries()
        .forEach(
            (reagent, node) -> {
              if (prices.find(reagent).isEmpty()) {
                node.problem(
                    "'"
                        + reagent
                        + "' is not in the price list"
                        + NearestName.hint(reagent, prices.ids()));
              }
              coatings.put(reagent, read(reagent, node, prices));
            });
    return Collections.unmodifiableMap(coatings);
  }

  private static Coating read(String reagent, YamlNode node, PriceList prices) {
    Fields fields = node.fields(KEYS);
    Optional<Dilution> dilution = Optional.empty();
    if (fields.has("diluent")) {
      String diluent = fields.name("diluent", prices.ids());
      dilution =
          Optional.of(
              new Dilution(
                  diluent,
                  fields.optionalText("diluent_label").orElse(diluent),
                  fields.number("stock_percent", 0.01, 99.99),
                  fields.positive("mix_percent", 100)));
    } else if (fields.has("stock_percent") || fields.has("mix_percent")) {
      node.problem("is diluted: name the diluent");
    }
    return new Coating(
        reagent,
        fields.volume("volume_ml"),
        fields.positive("surface_cm2", 10_000),
        fields.minutes("minutes"),
        new Temperature(fields.number("temperature_c", -20, 95)),
        dilution);
  }
}
