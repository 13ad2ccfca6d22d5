package org.cellos.client;

import java.util.List;
import java.util.UUID;
import org.cellos.domain.Begin;
import org.cellos.domain.Controls;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.RerunOf;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Severity;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.jspecify.annotations.Nullable;

/** Pins what was asked for into the input of one execution. */
public final class ExecutionInputs {
  /** Key of the metadata under which is kept why blocking warnings were overridden. */
  public static final String OVERRIDE = "override";

  private ExecutionInputs() {}

  public static String newExecutionId() {
    return UUID.randomUUID().toString();
  }

  /**
   * @param instruments what performs it
   * @param speedUp 1 unless every instrument is virtual
   * @param begin null for an execution that waits to be begun
   */
  public static ExecutionInput ofResolved(
      String executionId,
      ResolvedProtocol protocol,
      Parameters metadata,
      Instruments instruments,
      double speedUp,
      @Nullable Begin begin) {
    return new ExecutionInput(
        executionId,
        workflowName(protocol),
        protocol.cellLine(),
        protocol.vesselId(),
        protocol.operation(),
        protocol.profile(),
        instruments,
        speedUp,
        protocol.steps(),
        protocol.warnings(),
        metadata,
        protocol.materialCostUsd(),
        protocol.instrumentCostUsd(),
        protocol.durationMinutes(),
        begin,
        null);
  }

  /**
   * @param speedUp null for the usual one of these instruments
   * @throws ExecutionRefusedException if instruments, protocol and speed-up do not go together
   */
  public static double speedUp(
      ResolvedProtocol protocol, Instruments instruments, @Nullable Double speedUp) {
    return speedUp(protocol, instruments, speedUp, false);
  }

  /**
   * @param isOverridden whether somebody has said why blocking warnings do not count
   * @throws ExecutionRefusedException if instruments, protocol and speed-up do not go together
   */
  public static double speedUp(
      ResolvedProtocol protocol,
      Instruments instruments,
      @Nullable Double speedUp,
      boolean isOverridden) {
    if (instruments == Instruments.VIRTUAL) {
      return speedUp == null ? ExecutionInput.DEFAULT_SPEED_UP : speedUp;
    }
    // A blocking warning means that cells would be lost.
    List<String> blocking =
        protocol.warnings().stream()
            .filter(warning -> warning.severity() == Severity.BLOCKING)
            .map(warning -> warning.code() + ": " + warning.message())
            .toList();
    if (!blocking.isEmpty() && !isOverridden) {
      throw new ExecutionRefusedException(
          "This protocol is performed neither by hand nor on hardware, since it would lose cells: "
              + String.join(" ", blocking)
              + " Correct it in a protocol file of your own, or say with an override why it is right.");
    }
    if (speedUp != null) {
      throw new ExecutionRefusedException(
          "A speed-up goes with virtual instruments only: cells take their time.");
    }
    return 1;
  }

  /** An execution of unit operations that the caller has put together. */
  public static ExecutionInput ofUnitOps(
      String executionId,
      String protocolName,
      @Nullable String cellLine,
      @Nullable String vesselId,
      String operationType,
      List<UnitOp> unitOps,
      Parameters metadata) {
    UnitOp whole =
        UnitOp.composite(protocolName, protocolName, operationType, Parameters.none(), unitOps);
    return new ExecutionInput(
        executionId,
        protocolName,
        cellLine,
        vesselId,
        operationType,
        Profile.ORIGINAL,
        Instruments.VIRTUAL,
        ExecutionInput.DEFAULT_SPEED_UP,
        Step.numbered(unitOps),
        List.of(),
        metadata,
        whole.materialCostUsd(),
        whole.instrumentCostUsd(),
        whole.durationMinutes(),
        null,
        null);
  }

  /**
   * An execution once more, with the parameters that it was performed with in the end.
   *
   * @param former how the former one was asked for
   * @param controls what people have changed of it since
   * @param fromStep the first step to do again, from 0
   * @param begin null for an execution that waits to be begun
   */
  public static ExecutionInput rerun(
      String executionId,
      ExecutionInput former,
      Controls controls,
      int fromStep,
      @Nullable Begin begin) {
    return new ExecutionInput(
        executionId,
        former.workflowName(),
        former.cellLine(),
        former.vesselId(),
        former.operationType(),
        former.profile(),
        former.instruments(),
        former.speedUp(),
        former.steps().stream().map(controls::edited).toList(),
        former.warnings(),
        former.metadata(),
        former.materialCostUsd(),
        former.instrumentCostUsd(),
        former.durationMinutes(),
        begin,
        new RerunOf(former.executionId(), fromStep));
  }

  /** {@code passage_iPSC_flask_t75}. */
  private static String workflowName(ResolvedProtocol protocol) {
    StringBuilder name = new StringBuilder(protocol.operation());
    if (protocol.cellLine() != null) {
      name.append('_').append(protocol.cellLine());
    }
    if (protocol.vesselId() != null) {
      name.append('_').append(protocol.vesselId());
    }
    return name.toString();
  }
}
