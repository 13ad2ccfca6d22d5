package org.cellos.domain;

/**
 * The word that lets a created execution begin; never changed afterwards.
 *
 * @param dryRun whether every step is only acknowledged
 */
public record Begin(boolean dryRun) {}
