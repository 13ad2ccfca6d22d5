package org.cellos.protocol;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.Item;
import org.cellos.domain.MaterialLine;
import org.cellos.domain.Usd;
import org.cellos.domain.Volume;

/** What a step uses, and what that costs. Immutable. */
final class CostRules {
  static final String MILLILITRE = "mL";
  private static final String EACH = "each";
  private static final String HOURS = "hours";

  /** Wear of the liquid handler, for each aspirate and each dispense. */
  private static final Usd LIQUID_STEP = Usd.of(0.05);

  private static final Volume LARGE = Volume.ofMillilitres(5);
  private static final Volume MEDIUM = Volume.ofMillilitres(0.2);
  private static final double MINUTES_PER_HOUR = 60;
  private static final int HOUR_DIGITS = 6;

  private final PriceList prices;

  CostRules(PriceList prices) {
    this.prices = prices;
  }

  /**
   * Something that a step uses.
   *
   * @param resourceId in the price list, or the name of something made during the protocol
   * @param quantity above 0
   * @param unit in which it is used, which may not be the unit that is priced
   * @param prepared made during the protocol
   */
  record Use(String resourceId, double quantity, String unit, boolean prepared) {
    static Use reagent(String resourceId, Volume volume) {
      return new Use(resourceId, volume.millilitres(), MILLILITRE, false);
    }

    static Use prepared(String name, Volume volume) {
      return new Use(name, volume.millilitres(), MILLILITRE, true);
    }

    static Use each(String resourceId) {
      return new Use(resourceId, 1, EACH, false);
    }

    static Use hours(String resourceId, double minutes) {
      double hours =
          BigDecimal.valueOf(minutes / MINUTES_PER_HOUR)
              .setScale(HOUR_DIGITS, RoundingMode.HALF_UP)
              .doubleValue();
      return new Use(resourceId, hours, HOURS, false);
    }

    /** The pipette that a volume is moved with: one, however many strokes it takes. */
    static Use pipetteFor(Volume volume) {
      if (volume.isMoreThan(LARGE)) {
        return each("pipette_10ml");
      }
      return each(volume.isMoreThan(MEDIUM) ? "pipette_2ml" : "tip_200ul_lr");
    }

    Item item() {
      return new Item(resourceId, quantity);
    }
  }

  /** Sum of quantity times price over the priced material. */
  Usd materialCost(List<Use> uses) {
    return cost(uses, false);
  }

  /** Sum over the priced instrument time, and the wear of a liquid step. */
  Usd instrumentCost(String operation, List<Use> uses) {
    boolean liquid = operation.equals("aspirate") || operation.equals("dispense");
    return cost(uses, true).plus(liquid ? LIQUID_STEP : Usd.ZERO);
  }

  private Usd cost(List<Use> uses, boolean instrument) {
    Usd cost = Usd.ZERO;
    for (Use use : uses) {
      if (use.item().isInstrumentUse() == instrument) {
        cost = cost.plus(price(use).map(price -> price.times(use.quantity)).orElse(Usd.ZERO));
      }
    }
    return cost;
  }

  /** The price of one unit as used; empty where none is known and for what is prepared. */
  Optional<Usd> price(Use use) {
    return use.prepared
        ? Optional.empty()
        : prices.find(use.resourceId).flatMap(resource -> resource.pricePer(use.unit));
  }

  /** One line a resource and unit, in order of first use. */
  List<MaterialLine> billOfMaterials(List<Use> uses) {
    Map<String, Use> totals = new LinkedHashMap<>();
    for (Use use : uses) {
      totals.merge(
          use.resourceId + " in " + use.unit,
          use,
          (total, more) ->
              new Use(use.resourceId, sum(total.quantity, more.quantity), use.unit, use.prepared));
    }
    List<MaterialLine> lines = new ArrayList<>();
    for (Use total : totals.values()) {
      Optional<Usd> price = price(total);
      lines.add(
          new MaterialLine(
              total.resourceId,
              prices.find(total.resourceId).map(Resource::name).orElse(total.resourceId),
              total.quantity,
              total.unit,
              price.orElse(null),
              price.map(usd -> usd.times(total.quantity)).orElse(null),
              kind(total)));
    }
    return lines;
  }

  private static MaterialLine.Kind kind(Use use) {
    if (use.prepared) {
      return MaterialLine.Kind.PREPARED;
    }
    return use.item().isInstrumentUse() ? MaterialLine.Kind.INSTRUMENT : MaterialLine.Kind.MATERIAL;
  }

  /** In decimal, so that 0.1 and 0.2 are 0.3. */
  private static double sum(double a, double b) {
    return BigDecimal.valueOf(a).add(BigDecimal.valueOf(b)).doubleValue();
  }
}
