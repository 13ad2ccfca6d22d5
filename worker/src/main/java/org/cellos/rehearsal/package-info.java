/**
 * Performs a protocol as real instruments would, at real speed and with faults, in seconds: the
 * same workflow, activities, ledger and rules as ever, on a server whose clock jumps over every
 * wait.
 *
 * <p>What lives here are the stand-ins of the world: instruments that take simulated time, faults
 * drawn from a seed, a person who answers, and the report. Nothing here leaves a trace in anybody's
 * history, and nothing of it is known to what performs real executions.
 */
@NullMarked
package org.cellos.rehearsal;

import org.jspecify.annotations.NullMarked;
