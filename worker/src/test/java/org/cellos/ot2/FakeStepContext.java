package org.cellos.ot2;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cellos.domain.EffectClass;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRequest;
import org.cellos.handler.StepContext;

/** An attempt without Temporal. */
final class FakeStepContext implements StepContext {
  private final StepRequest request;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<Map<String, ?>> details = new CopyOnWriteArrayList<>();
  private volatile boolean isCancelled;
  private volatile String hold = "";

  FakeStepContext(int epoch, Map<String, ?> parameters) {
    this(epoch, Instruments.HARDWARE, parameters);
  }

  FakeStepContext(int epoch, Instruments instruments, Map<String, ?> parameters) {
    this.request =
        new StepRequest(
            "e-1",
            "step-id",
            2,
            epoch,
            StepAction.PERFORM,
            "Feed",
            RobotStep.OPERATION_TYPE,
            Parameters.of(parameters),
            null,
            null,
            instruments,
            1,
            EffectClass.REATTACHABLE);
  }

  @Override
  public StepRequest request() {
    return request;
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public void heartbeat(String progress, Map<String, ?> more) {
    said.add(progress);
    details.add(more);
  }

  @Override
  public void heldByInstrument(String reason) {
    hold = reason;
  }

  @Override
  public void goesOn() {
    hold = "";
  }

  /** Why the instrument holds it; empty unless it does. */
  String hold() {
    return hold;
  }

  @Override
  public void requireWanted() {}

  @Override
  public boolean isCancelled() {
    return isCancelled;
  }

  /** As a cancel reaches the thread that performs the step. */
  void cancel(Thread performing) {
    isCancelled = true;
    performing.interrupt();
  }

  List<String> said() {
    return said;
  }

  List<Map<String, ?>> details() {
    return details;
  }
}
