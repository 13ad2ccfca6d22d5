package org.cellos.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A protocol with every quantity filled in for one cell line and one vessel; nothing has been run.
 *
 * @param operation the protocol's name: {@code passage}, {@code thaw}, or the user's own
 * @param cellLine canonical name; null where a user's own protocol needs none
 * @param vesselId canonical id, for example {@code flask_t75}; null where none is needed
 * @param profile whose protocol
 * @param unitOps as written, composites nested, without what is done only if something goes wrong
 * @param steps the leaves, numbered from 0, with what is done only if something goes wrong
 * @param warnings in step order, those about the whole protocol last
 * @param billOfMaterials one line a resource, in order of first use
 * @param materialCostUsd sum over the ordinary steps
 * @param instrumentCostUsd sum over the ordinary steps
 * @param durationMinutes sum over the ordinary steps
 */
public record ResolvedProtocol(
    String operation,
    @Nullable String cellLine,
    @Nullable String vesselId,
    Profile profile,
    List<UnitOp> unitOps,
    List<Step> steps,
    List<ProtocolWarning> warnings,
    List<MaterialLine> billOfMaterials,
    Usd materialCostUsd,
    Usd instrumentCostUsd,
    double durationMinutes) {

  public ResolvedProtocol {
    unitOps = List.copyOf(unitOps);
    steps = List.copyOf(steps);
    warnings = List.copyOf(warnings);
    billOfMaterials = List.copyOf(billOfMaterials);
  }
}
