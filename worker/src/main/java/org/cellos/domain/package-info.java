/**
 * The words of the project as values: volumes and other quantities, unit operations, steps,
 * executions and their records, statuses, failures.
 *
 * <p>Everything here is immutable, validates itself on construction and knows its JSON form.
 * Nothing here knows Temporal, SQL or HTTP.
 */
@NullMarked
package org.cellos.domain;

import org.jspecify.annotations.NullMarked;
