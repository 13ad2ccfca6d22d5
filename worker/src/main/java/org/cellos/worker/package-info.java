/**
 * Puts everything together with plain {@code new}: the worker process, and the Java interface that
 * runs protocols inside one's own program.
 */
@NullMarked
package org.cellos.worker;

import org.jspecify.annotations.NullMarked;
