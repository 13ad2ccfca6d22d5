/** Steps of devices that take a list of what they have to do as a file. */
@NullMarked
package org.cellos.worklist;

import org.jspecify.annotations.NullMarked;
