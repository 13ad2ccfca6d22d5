package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Parameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutionSummaryTest {
  @ParameterizedTest
  @CsvSource({
    "true, true, DRY RUN",
    "false, true, SIMULATED",
    "false, false, ''",
    "false, , PARTLY SIMULATED",
    ", , ''"
  })
  void aFakeNeverLooksReal(Boolean dryRun, Boolean simulated, String mark) {
    ExecutionRecord record =
        new ExecutionRecord(
            "x",
            "feed",
            null,
            null,
            null,
            ExecutionStatus.COMPLETED,
            Instant.EPOCH,
            null,
            null,
            null,
            Parameters.none(),
            dryRun,
            simulated,
            1,
            1);

    assertThat(ExecutionSummary.mark(record)).isEqualTo(mark);
  }
}
