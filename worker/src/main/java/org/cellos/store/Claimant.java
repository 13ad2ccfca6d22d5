package org.cellos.store;

/**
 * Who asks the ledger for a permission.
 *
 * @param engineId the engine that scheduled the attempt
 * @param attempt tells the attempt from all others
 * @param worker who performs it, for people
 */
public record Claimant(String engineId, String attempt, String worker) {}
