/** Finds or brings the Temporal that executions run on. Knows nothing of protocols. */
@NullMarked
package org.cellos.engine;

import org.jspecify.annotations.NullMarked;
