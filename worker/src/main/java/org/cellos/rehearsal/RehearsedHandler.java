package org.cellos.rehearsal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.Parameters;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;

/** A handler that takes its planned time on the bench's clock, and meets its faults. */
record RehearsedHandler(StepHandler handler, Bench bench) implements StepHandler {
  @Override
  public void verify(Parameters parameters) {
    handler.verify(parameters);
  }

  @Override
  public Map<String, ?> perform(StepContext step) throws Exception {
    Optional<Fault> fault = bench.strike(step.request());
    if (fault.isPresent()) {
      if (fault.get().kind() == FaultKind.LOST) {
        bench.beMissed();
      }
      fault.get().strikeBeforeTheEffect();
    }
    Map<String, ?> result = handler.perform(step);
    bench.moved(step.request());
    bench.work(bench.planned(step.request()).plus(fault.map(Fault::lasts).orElse(Duration.ZERO)));
    fault.ifPresent(Fault::strikeAfterTheEffect);
    return result;
  }
}
