package org.cellos.ot2;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.cellos.domain.WellProgress;

/**
 * How far a robot has come with a step in all epochs together, by the records beside the history.
 *
 * @param progress its wells
 * @param isRecorded whether there is any record
 * @param wasTold whether the robot was told to play, as far as that can be read
 * @param mayHaveGoneOn whether it may have come further than is known
 * @param isUntraced whether nobody followed it to its end, or what was recorded cannot be read
 * @param leftOut whether a run left wells out, so that nobody knows whether those were ever done
 * @param silence for how long nothing was heard before the end
 */
public record BegunWells(
    WellProgress progress,
    boolean isRecorded,
    boolean wasTold,
    boolean mayHaveGoneOn,
    boolean isUntraced,
    boolean leftOut,
    Duration silence) {

  /** What the records say of a step of an execution. */
  public static BegunWells of(Path records, String executionId, int stepIndex) {
    return of(RunRecord.all(records, executionId, stepIndex));
  }

  static BegunWells of(List<RunRecord> records) {
    List<RunRecord> told =
        records.stream()
            .filter(record -> record.isLost() || record.intendedRun().isPresent())
            .toList();
    return new BegunWells(
        union(records.stream().flatMap(BegunWells::wells).toList()),
        !records.isEmpty(),
        !told.isEmpty(),
        told.stream().anyMatch(RunRecord::mayHaveGoneOn),
        told.stream().anyMatch(record -> record.unheard().isEmpty()),
        told.stream().anyMatch(record -> !record.leftOut().isEmpty()),
        told.stream()
            .flatMap(record -> record.unheard().stream())
            .max(Duration::compareTo)
            .orElse(Duration.ZERO));
  }

  /** What a run left out may have been begun before it: nobody knows more now. */
  private static Stream<WellProgress> wells(RunRecord record) {
    return Stream.of(record.wells(), new WellProgress(List.of(), record.leftOut()));
  }

  /** Of a robot that was told to play, with no record left of it. */
  public static BegunWells untraced() {
    return new BegunWells(
        new WellProgress(List.of(), List.of()), false, true, true, true, false, Duration.ZERO);
  }

  /** The same plate, by whichever execution. */
  public static BegunWells together(Collection<BegunWells> all) {
    return new BegunWells(
        union(all.stream().map(BegunWells::progress).toList()),
        all.stream().anyMatch(BegunWells::isRecorded),
        all.stream().anyMatch(BegunWells::wasTold),
        all.stream().anyMatch(BegunWells::mayHaveGoneOn),
        all.stream().anyMatch(BegunWells::isUntraced),
        all.stream().anyMatch(BegunWells::leftOut),
        all.stream().map(BegunWells::silence).max(Duration::compareTo).orElse(Duration.ZERO));
  }

  private static WellProgress union(List<WellProgress> all) {
    Set<String> done = new LinkedHashSet<>();
    Set<String> underWay = new LinkedHashSet<>();
    for (WellProgress wells : all) {
      done.addAll(wells.done());
      underWay.addAll(wells.underWay());
    }
    underWay.removeAll(done);
    return new WellProgress(new ArrayList<>(done), new ArrayList<>(underWay));
  }
}
