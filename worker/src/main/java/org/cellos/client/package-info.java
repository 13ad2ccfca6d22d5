/**
 * Starts, steers and awaits executions through Temporal. Knows the workflow's interface, never the
 * mirror.
 */
@NullMarked
package org.cellos.client;

import org.jspecify.annotations.NullMarked;
