/**
 * Instruments that perform steps. The virtual ones calculate what real ones would move, say so in
 * every result, and note each effect in the witness log, which tests hold against everything else.
 */
@NullMarked
package org.cellos.instrument;

import org.jspecify.annotations.NullMarked;
