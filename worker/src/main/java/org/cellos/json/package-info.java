/**
 * The one way values are written as JSON, in Temporal's history, in the mirror, in files and on
 * standard output. Knows the domain and Jackson, nothing else.
 */
@NullMarked
package org.cellos.json;

import org.jspecify.annotations.NullMarked;
