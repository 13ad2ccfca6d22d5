package org.cellos.rehearsal;

import java.util.List;
import java.util.Optional;
import org.cellos.domain.EffectClass;
import org.cellos.domain.Step;
import org.cellos.handler.HandlerRegistry;
import org.cellos.handler.RegisteredHandler;
import org.cellos.instrument.VirtualInstruments;
import org.cellos.instrument.WitnessLog;

/**
 * What performs the steps of a rehearsal: the virtual instruments and stand-ins of a user's own
 * handlers, all of them {@link EffectClass#ONCE}, the strictest class.
 */
final class RehearsedHandlers {
  private final HandlerRegistry virtual = new HandlerRegistry();
  private final HandlerRegistry users = new HandlerRegistry();

  RehearsedHandlers() {
    VirtualInstruments.register(virtual, WitnessLog.none());
    users.registerProvided();
  }

  /** Whether the step has a start and a stop, and a wait between them. */
  boolean isTimed(Step step) {
    return find(step.operationType())
        .filter(handler -> handler instanceof RegisteredHandler.Timed)
        .isPresent();
  }

  HandlerRegistry on(Bench bench, List<Step> steps) {
    HandlerRegistry registry = new HandlerRegistry();
    steps.stream()
        .map(Step::operationType)
        .distinct()
        .forEach(operationType -> register(registry, operationType, bench));
    return registry;
  }

  private void register(HandlerRegistry registry, String operationType, Bench bench) {
    boolean isUsers = users.find(operationType).isPresent();
    Optional<RegisteredHandler> found = find(operationType);
    if (found.isPresent() && found.get() instanceof RegisteredHandler.Timed timed) {
      registry.register(
          operationType,
          EffectClass.ONCE,
          new RehearsedTimedHandler(isUsers ? StandIn.of(timed) : timed.handler(), bench));
    } else if (found.isPresent() && found.get() instanceof RegisteredHandler.Single single) {
      registry.register(
          operationType,
          EffectClass.ONCE,
          new RehearsedHandler(isUsers ? StandIn.of(single) : single.handler(), bench));
    } else {
      registry.register(operationType, new RehearsedHandler(StandIn.forNobody(), bench));
    }
  }

  /** A user's own comes before a virtual one of the same type, as it does in an execution. */
  private Optional<RegisteredHandler> find(String operationType) {
    return users.find(operationType).or(() -> virtual.find(operationType));
  }
}
