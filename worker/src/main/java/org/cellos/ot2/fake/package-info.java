/**
 * A program that behaves like an OT-2 and moves nothing: for tests, and for people who try the
 * system without a robot. It keeps what a robot keeps, forgets what a robot forgets, writes down
 * every command that it "performs", and fails on demand. It says on every occasion that it is fake.
 */
@NullMarked
package org.cellos.ot2.fake;

import org.jspecify.annotations.NullMarked;
