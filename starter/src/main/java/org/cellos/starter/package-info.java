/** The command line: reads what the user asks for, calls the client, prints what happened. */
@NullMarked
package org.cellos.starter;

import org.jspecify.annotations.NullMarked;
