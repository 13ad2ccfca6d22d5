package org.cellos.protocol;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.Usd;

/**
 * The resources of {@code data/raw/pricing.yaml}, priced or not, in the order of the file.
 * Immutable.
 *
 * @param resources by id
 */
record PriceList(Map<String, Resource> resources) {
  private static final List<String> KEYS =
      List.of(
          "name",
          "category",
          "vendor",
          "catalog_number",
          "unit",
          "price_usd",
          "serum_free",
          "stopped_by_serum",
          "single_cells",
          "rock_inhibitor");
  private static final double MOST_USD = 10_000_000;

  Optional<Resource> find(String id) {
    return Optional.ofNullable(resources.get(id));
  }

  Collection<String> ids() {
    return resources.keySet();
  }

  static PriceList read(YamlNode root) {
    Fields file = root.fields(List.of("resources", "unpriced"));
    Map<String, Resource> resources = new LinkedHashMap<>();
    for (String section : List.of("resources", "unpriced")) {
      boolean priced = section.equals("resources");
      file.node(section)
          .map(YamlNode::entries)
          .orElse(Map.of())
          .forEach(
              (id, node) -> {
                if (resources.put(id, resource(id, node, priced)) != null) {
                  node.problem("is both priced and unpriced: keep one");
                }
              });
    }
    if (resources.isEmpty()) {
      root.problem("lists no resources");
    }
    return new PriceList(Collections.unmodifiableMap(resources));
  }

  private static Resource resource(String id, YamlNode node, boolean priced) {
    Fields fields = node.fields(KEYS);
    List.of("vendor", "catalog_number").forEach(fields::optionalText);
    if (!priced && fields.has("price_usd")) {
      node.problem("has a price: move it to 'resources'");
    }
    return new Resource(
        id,
        fields.text("name"),
        fields.text("category"),
        fields.text("unit"),
        priced ? Optional.of(Usd.of(fields.number("price_usd", 0, MOST_USD))) : Optional.empty(),
        fields.flag("serum_free"),
        fields.flag("stopped_by_serum"),
        fields.flag("single_cells"),
        fields.flag("rock_inhibitor"));
  }
}
