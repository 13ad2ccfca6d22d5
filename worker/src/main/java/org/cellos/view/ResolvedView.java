package org.cellos.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.cellos.domain.ExposureWindow;
import org.cellos.domain.MaterialLine;
import org.cellos.domain.Profile;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.StepRole;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Usd;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code resolve}: unit operations nested as written, and their leaves in a row. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResolvedView(
    String operation,
    @Nullable String cellLine,
    @Nullable String vesselId,
    Profile profile,
    List<UnitOp> unitOps,
    List<LeafView> steps,
    List<ProtocolWarning> warnings,
    List<MaterialLine> billOfMaterials,
    Usd materialCostUsd,
    Usd instrumentCostUsd,
    double durationMinutes) {

  public static ResolvedView of(ResolvedProtocol protocol) {
    return new ResolvedView(
        protocol.operation(),
        protocol.cellLine(),
        protocol.vesselId(),
        protocol.profile(),
        protocol.unitOps(),
        protocol.steps().stream().map(LeafView::of).toList(),
        protocol.warnings(),
        protocol.billOfMaterials(),
        protocol.materialCostUsd(),
        protocol.instrumentCostUsd(),
        protocol.durationMinutes());
  }

  /** A step with its position. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LeafView(
      int stepIndex,
      String path,
      @JsonUnwrapped UnitOp unitOp,
      @Nullable ExposureWindow window,
      @Nullable StepRole role) {
    public static LeafView of(Step step) {
      return new LeafView(step.stepIndex(), step.path(), step.unitOp(), step.window(), step.role());
    }
  }
}
