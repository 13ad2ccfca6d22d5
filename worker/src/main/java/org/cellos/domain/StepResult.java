package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt did.
 *
 * @param values {@code {"dry_run": true}}, or what was done with its {@code mode}
 * @param at when the ledger wrote it down; null where no ledger is asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepResult(Parameters values, @Nullable Instant at) {
  public StepResult(Parameters values) {
    this(values, null);
  }
}
