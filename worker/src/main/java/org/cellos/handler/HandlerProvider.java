package org.cellos.handler;

/**
 * Brings handlers from a jar on the class path. Found by {@link java.util.ServiceLoader}; name the
 * implementation in {@code META-INF/services/org.cellos.handler.HandlerProvider}.
 */
public interface HandlerProvider {
  void registerHandlers(HandlerRegistry registry);
}
