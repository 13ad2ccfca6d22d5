package org.cellos.rehearsal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepRequest;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.StepContext;
import org.cellos.handler.TimedStepHandler;

/** A timed handler that meets its faults; its time passes between its start and its stop. */
record RehearsedTimedHandler(TimedStepHandler handler, Bench bench) implements TimedStepHandler {
  @Override
  public void verify(Parameters parameters) {
    handler.verify(parameters);
  }

  @Override
  public Map<String, ?> start(StepContext step) throws Exception {
    Optional<Fault> fault = struckBefore(step.request());
    Map<String, ?> result = handler.start(step);
    bench.moved(step.request());
    bench.vesselIn(step.request(), fault.map(Fault::lasts).orElse(Duration.ZERO));
    struckAfter(fault);
    return result;
  }

  @Override
  public Map<String, ?> stop(StepContext step) throws Exception {
    bench.endWait();
    Optional<Fault> fault = struckBefore(step.request());
    Map<String, ?> result = handler.stop(step);
    bench.moved(step.request());
    bench.vesselOut(step.request());
    struckAfter(fault);
    return result;
  }

  private Optional<Fault> struckBefore(StepRequest request) throws PermanentStepException {
    Optional<Fault> fault = bench.strike(request);
    if (fault.isPresent()) {
      fault.get().strikeBeforeTheEffect();
    }
    return fault;
  }

  private void struckAfter(Optional<Fault> fault) {
    if (fault.filter(found -> found.kind() == FaultKind.LOST).isPresent()) {
      bench.beMissed();
    }
    fault.ifPresent(Fault::strikeAfterTheEffect);
  }
}
