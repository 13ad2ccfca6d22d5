package org.cellos.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cellos.domain.Choice;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.Usd;
import org.cellos.json.Json;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.rehearsal.Rehearsal.Performance;
import org.cellos.rehearsal.RehearsalReport.Conflict;
import org.cellos.rehearsal.RehearsalReport.Day;
import org.cellos.rehearsal.RehearsalReport.Decision;
import org.cellos.rehearsal.RehearsalReport.InjectedFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a rehearsal says can be relied upon: it is the same each time, and obeys the rules. */
class RehearsalTest {
  private static final ProtocolResolver RESOLVER =
      new ProtocolResolver(ProtocolData.load(Optional.empty()));
  private static final LocalDateTime MONDAY = LocalDateTime.parse("2026-03-02T09:00");

  @TempDir private Path folder;

  @Test
  void withoutFaultsItLastsAsLongAsPlanned() {
    for (ResolvedProtocol protocol : List.of(twoWeeks(), thaw(), example("half-medium-change"))) {
      RehearsalReport report = Rehearsal.perform(protocol, request(1, 0));

      assertThat(report.status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(report.durationMinutes()).isEqualTo(protocol.durationMinutes());
      assertThat(report.plannedMinutes()).isEqualTo(protocol.durationMinutes());
      assertThat(report.end()).isEqualTo(MONDAY.plusMinutes((long) protocol.durationMinutes()));
      assertThat(report.injectedFaults()).isEmpty();
      assertThat(report.conflicts()).isEmpty();
      assertThat(report.decisions()).isEmpty();
      assertThat(report.repeatedMaterials()).isEmpty();
      assertThat(report.repeatedCostUsd()).isEqualTo(Usd.ZERO);
    }
  }

  @Test
  void everyDayOfTwoWeeksIsInTheReport() {
    List<Day> days = Rehearsal.perform(twoWeeks(), request(1, 0)).days();

    assertThat(days).hasSize(15);
    assertThat(days).extracting(Day::date).startsWith(MONDAY.toLocalDate()).doesNotHaveDuplicates();
    assertThat(days).extracting(Day::steps).startsWith(1, 3, 3).endsWith(3, 2);
    assertThat(days.get(14).first()).isEqualTo(MONDAY.plusDays(14).plusMinutes(26));
  }

  @Test
  void theSameSeedLeadsToTheSameReport() {
    String first = Json.write(Rehearsal.perform(twoWeeks(), request(7, 6)));
    String second = Json.write(Rehearsal.perform(twoWeeks(), request(7, 6)));

    assertThat(second).isEqualTo(first);
  }

  @Test
  void anotherSeedLeadsToAnotherReport() {
    RehearsalReport first = Rehearsal.perform(twoWeeks(), request(7, 6));
    RehearsalReport second = Rehearsal.perform(twoWeeks(), request(8, 6));

    assertThat(second.injectedFaults()).isNotEqualTo(first.injectedFaults());
    assertThat(second.durationMinutes()).isNotEqualTo(first.durationMinutes());
  }

  static IntStream seeds() {
    return IntStream.range(100, 110);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whateverHappensNoEffectHappensTwiceByItself(int seed) {
    ResolvedProtocol protocol = thaw();

    Performance performance = Rehearsal.performance(protocol, request(seed, 10));

    RehearsalReport report = performance.report();
    assertThat(report.status()).isIn(ExecutionStatus.COMPLETED, ExecutionStatus.FAILED);
    assertThat(performance.effects()).doesNotHaveDuplicates();
    for (EffectKey effect : performance.effects()) {
      Step step = protocol.steps().get(effect.stepIndex());
      assertThat(report.decisions())
          .filteredOn(
              asked ->
                  asked.path().equals(step.path())
                      && asked.action() == effect.action()
                      && asked.choice() == Choice.AGAIN)
          .as("how often a person wanted %s again", effect)
          .hasSizeGreaterThanOrEqualTo(effect.epoch() - 1);
    }
    boolean isBroken = kinds(report).contains(FaultKind.BROKEN);
    assertThat(report.status())
        .isEqualTo(isBroken ? ExecutionStatus.FAILED : ExecutionStatus.COMPLETED);
    assertThat(report.decisions())
        .hasSize((int) kinds(report).stream().filter(kind -> kind == FaultKind.LOST).count());
    assertThat(report.durationMinutes())
        .isGreaterThanOrEqualTo(isBroken ? 0 : protocol.durationMinutes() - skipped(report));
  }

  /** A step that a person leaves out takes no time of its own. */
  private static double skipped(RehearsalReport report) {
    return report.decisions().stream().anyMatch(asked -> asked.choice() == Choice.SKIP)
        ? report.plannedMinutes()
        : 0;
  }

  @Test
  void everyKindOfFaultIsDrawnAndHasItsConsequence() throws IOException {
    ResolvedProtocol protocol = fewDays();
    List<RehearsalReport> reports =
        seeds().limit(6).mapToObj(seed -> Rehearsal.perform(protocol, request(seed, 12))).toList();

    assertThat(reports.stream().flatMap(report -> kinds(report).stream()))
        .contains(FaultKind.NOT_STARTED, FaultKind.LOST, FaultKind.SLOW, FaultKind.OUTAGE);
    for (RehearsalReport report : reports) {
      for (InjectedFault fault : report.injectedFaults()) {
        switch (fault.kind()) {
          case LOST ->
              assertThat(report.decisions()).extracting(Decision::path).contains(fault.path());
          case OUTAGE ->
              assertThat(conflicts(report, Conflict.Kind.OVERDUE)).contains(fault.path());
          case SLOW, NOT_STARTED, BROKEN -> {}
        }
      }
      for (Decision asked : report.decisions()) {
        if (!RehearsingPerson.isAtWork(asked.askedAt())) {
          assertThat(RehearsingPerson.isAtWork(asked.answeredAt())).as("%s", asked).isTrue();
          assertThat(conflicts(report, Conflict.Kind.OUT_OF_HOURS)).contains(asked.path());
        }
      }
    }
    assertThat(reports.stream().flatMap(report -> report.decisions().stream()))
        .extracting(Decision::choice)
        .contains(Choice.DONE, Choice.AGAIN, Choice.PARTLY);
    assertThat(reports).anySatisfy(report -> assertThat(report.repeatedMaterials()).isNotEmpty());
    assertThat(reports)
        .anySatisfy(
            report -> assertThat(conflicts(report, Conflict.Kind.OUT_OF_HOURS)).isNotEmpty());
  }

  @Test
  void nothingIsLeftBehind() throws IOException {
    List<Path> before = leftBehind();

    Rehearsal.perform(example("half-medium-change"), request(3, 2));

    assertThat(leftBehind()).isEqualTo(before);
  }

  /** As the example, for five days: enough for faults of every kind. */
  private ResolvedProtocol fewDays() throws IOException {
    String days =
        Files.readString(Path.of("../data/protocols/examples/two-weeks-of-feeding.yaml"))
            .replace("times: 14", "times: 5");
    return RESOLVER.resolveFile(
        Files.writeString(folder.resolve("days.yaml"), days), Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -1   | 2026-03-02T09:00 | the number of faults must be from 0 to 1000, not -1
          1001 | 2026-03-02T09:00 | the number of faults must be from 0 to 1000, not 1001
          3    | 1999-03-02T09:00 | the begin must be in the years 2000 to 2100, not 1999
          3    | 2101-03-02T09:00 | the begin must be in the years 2000 to 2100, not 2101
          """)
  void whatCannotBeRehearsedIsRefused(int faults, LocalDateTime begin, String message) {
    assertThatThrownBy(() -> new RehearsalRequest(1, faults, begin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static List<String> conflicts(RehearsalReport report, Conflict.Kind kind) {
    return report.conflicts().stream()
        .filter(conflict -> conflict.kind() == kind)
        .map(Conflict::path)
        .toList();
  }

  private static List<FaultKind> kinds(RehearsalReport report) {
    return report.injectedFaults().stream().map(InjectedFault::kind).toList();
  }

  private static List<Path> leftBehind() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("cellos-rehearsal-"))
          .sorted()
          .collect(Collectors.toList());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static RehearsalRequest request(long seed, int faults) {
    return new RehearsalRequest(seed, faults, MONDAY);
  }

  private static ResolvedProtocol twoWeeks() {
    return example("two-weeks-of-feeding");
  }

  private static ResolvedProtocol thaw() {
    return RESOLVER.resolve("thaw", "iPSC", "T75", Profile.ORIGINAL);
  }

  private static ResolvedProtocol example(String name) {
    return RESOLVER.resolveFile(
        Path.of("../data/protocols/examples/" + name + ".yaml"),
        Optional.empty(),
        Optional.empty());
  }
}
