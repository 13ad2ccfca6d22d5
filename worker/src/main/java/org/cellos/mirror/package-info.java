/**
 * Watches the activities of this worker and mirrors every attempt into SQLite as it happens. What
 * the workflow records afterwards is final; this is what makes the mirror live in between.
 */
@NullMarked
package org.cellos.mirror;

import org.jspecify.annotations.NullMarked;
