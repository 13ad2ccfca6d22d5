/**
 * A liquid-handling robot of the type OT-2: its HTTP interface as it really behaves, and the
 * durable step that brings a protocol to it, plays it once, and follows it to its end through every
 * crash. What stands on its deck and what its protocols look like is not known here.
 */
@NullMarked
package org.cellos.ot2;

import org.jspecify.annotations.NullMarked;
