package org.cellos.ot2;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cellos.domain.WellProgress;

/**
 * How far a robot has come with a step in all epochs together.
 *
 * @param progress its wells
 * @param mayHaveGoneOn whether it may have come further than is known
 */
public record BegunWells(WellProgress progress, boolean mayHaveGoneOn) {

  /** What the records beside a history say of a step of an execution. */
  public static BegunWells of(Path records, String executionId, int stepIndex) {
    return of(RunRecord.all(records, executionId, stepIndex));
  }

  static BegunWells of(List<RunRecord> records) {
    Set<String> done = new LinkedHashSet<>();
    Set<String> underWay = new LinkedHashSet<>();
    for (RunRecord record : records) {
      WellProgress wells = record.wells();
      done.addAll(wells.done());
      underWay.addAll(wells.underWay());
    }
    return new BegunWells(
        new WellProgress(new ArrayList<>(done), new ArrayList<>(underWay)),
        records.stream().anyMatch(RunRecord::mayHaveGoneOn));
  }
}
