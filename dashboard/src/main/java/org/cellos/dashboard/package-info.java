/**
 * The dashboard: pages for people and a REST interface for programs. Reads the mirror, read only,
 * and acts through the {@link org.cellos.worker.ExecutionDesk}; never writes a row, never knows
 * Temporal, SQL or an instrument.
 */
@NullMarked
package org.cellos.dashboard;

import org.jspecify.annotations.NullMarked;
