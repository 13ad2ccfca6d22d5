/**
 * How code that performs an operation type is written and registered. Knows the domain only; what a
 * handler may do besides its own work stands in {@link org.cellos.handler.StepContext}.
 */
@NullMarked
package org.cellos.handler;

import org.jspecify.annotations.NullMarked;
