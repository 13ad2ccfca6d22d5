/**
 * The workflow: orders the steps, waits, decides. Deterministic; everything with an effect is an
 * activity.
 */
@NullMarked
package org.cellos.workflow;

import org.jspecify.annotations.NullMarked;
