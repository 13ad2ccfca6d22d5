/**
 * Handlers in any language: a step becomes a call, a workflow of its own that hands it on to the
 * task queue of the program that performs it, and that is found again after a crash.
 */
@NullMarked
package org.cellos.remote;

import org.jspecify.annotations.NullMarked;
