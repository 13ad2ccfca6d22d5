package org.cellos.domain;

/**
 * What an attempt did.
 *
 * @param values {@code {"dry_run": true}}, or what was done with its {@code mode}
 */
public record StepResult(Parameters values) {}
