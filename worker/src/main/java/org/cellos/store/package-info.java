/**
 * The mirror's SQLite file: one writer ({@link org.cellos.store.ExecutionRecorder}), one reader
 * ({@link org.cellos.store.ExecutionQueries}), the schema and its migrations.
 *
 * <p>Knows SQL and the domain; never Temporal or HTTP. Connections never leave this package.
 */
@NullMarked
package org.cellos.store;

import org.jspecify.annotations.NullMarked;
