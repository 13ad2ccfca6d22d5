/**
 * What people and programs are shown of executions and resolved protocols, by the command line and
 * by the dashboard alike: JSON records, what keeps an execution from going on, how long there is
 * left. Reads the store and looks whether engines live; never writes, never asks Temporal.
 */
@NullMarked
package org.cellos.view;

import org.jspecify.annotations.NullMarked;
