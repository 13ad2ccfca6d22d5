package org.cellos.handler;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.cellos.domain.EffectClass;

/**
 * Which handler performs which operation type. A later registration replaces an earlier one; an
 * execution keeps to the kind of handler it found when it began. Thread-safe.
 */
public final class HandlerRegistry {
  private final Map<String, RegisteredHandler> handlers = new ConcurrentHashMap<>();
  private final Map<String, RegisteredHandler> virtual = new ConcurrentHashMap<>();

  /** Registers a handler whose attempts are never repeated. */
  public void register(String operationType, StepHandler handler) {
    register(operationType, EffectClass.ONCE, handler);
  }

  /**
   * @param operationType as in the protocol's steps, for example {@code image}
   * @param effectClass what a second attempt would do
   */
  public void register(String operationType, EffectClass effectClass, StepHandler handler) {
    handlers.put(requireType(operationType), new RegisteredHandler.Single(effectClass, handler));
  }

  public void register(String operationType, EffectClass effectClass, TimedStepHandler handler) {
    handlers.put(requireType(operationType), new RegisteredHandler.Timed(effectClass, handler));
  }

  /** Registers an instrument that exists on paper only, for where nobody has registered another. */
  public void registerVirtual(String operationType, StepHandler handler) {
    virtual.put(
        requireType(operationType), new RegisteredHandler.Single(EffectClass.ONCE, handler));
  }

  public void registerVirtual(String operationType, TimedStepHandler handler) {
    virtual.put(requireType(operationType), new RegisteredHandler.Timed(EffectClass.ONCE, handler));
  }

  /** Registers what the jars on the class path bring. */
  public void registerProvided() {
    ServiceLoader.load(HandlerProvider.class).forEach(provider -> provider.registerHandlers(this));
  }

  public Optional<RegisteredHandler> find(String operationType) {
    return findReal(operationType).or(() -> Optional.ofNullable(virtual.get(operationType)));
  }

  /** What may move something, unlike an instrument that exists on paper only. */
  public Optional<RegisteredHandler> findReal(String operationType) {
    return Optional.ofNullable(handlers.get(operationType));
  }

  private static String requireType(String operationType) {
    if (operationType.isBlank()) {
      throw new IllegalArgumentException("operation_type must not be empty");
    }
    return operationType;
  }
}
