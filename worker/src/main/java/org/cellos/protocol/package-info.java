/**
 * What is done to cells, before anybody does it: the facts of {@code data/} are read and checked,
 * and a protocol is resolved into unit operations with every volume, reagent, time and cost.
 *
 * <p>Protocols are data in one small language, the built-in ones and a user's own alike; this
 * package interprets it, tracks what every vessel and tube holds, and warns. Nothing here runs
 * anything or knows Temporal or SQL.
 */
@NullMarked
package org.cellos.protocol;

import org.jspecify.annotations.NullMarked;
