/**
 * The activities: what the workflow asks for, in interfaces with permanent type names, and how this
 * worker does it. One request object an activity; stored in history, they only grow.
 */
@NullMarked
package org.cellos.activity;

import org.jspecify.annotations.NullMarked;
