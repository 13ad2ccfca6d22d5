/**
 * From the liquid steps of a plate to the Python protocol with which a robot does them: which
 * pipette, which tips, where each drop comes from and goes. Robots themselves are not known here.
 */
@NullMarked
package org.cellos.deck;

import org.jspecify.annotations.NullMarked;
