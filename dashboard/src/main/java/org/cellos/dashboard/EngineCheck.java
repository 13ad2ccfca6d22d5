package org.cellos.dashboard;

import com.codahale.metrics.health.HealthCheck;

/** Whether executions could be started when somebody last looked. */
final class EngineCheck extends HealthCheck {
  private final EngineWatch engine;

  EngineCheck(EngineWatch engine) {
    this.engine = engine;
  }

  @Override
  protected Result check() {
    return engine.trouble().map(Result::unhealthy).orElseGet(Result::healthy);
  }
}
