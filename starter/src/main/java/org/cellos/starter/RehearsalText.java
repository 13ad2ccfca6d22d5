package org.cellos.starter;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.rehearsal.RehearsalReport;
import org.cellos.rehearsal.RehearsalReport.Conflict;
import org.cellos.rehearsal.RehearsalReport.Day;
import org.cellos.rehearsal.RehearsalReport.Decision;
import org.cellos.view.Texts;
import org.jspecify.annotations.Nullable;

/** What came of a rehearsal, as people read it. */
final class RehearsalText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  /** Less than this is not worth a word. */
  private static final double NOTICEABLE_MINUTES = 1;

  private static final double SECONDS_PER_MINUTE = 60;

  private RehearsalText() {}

  static String of(RehearsalReport report, ResolvedProtocol protocol) {
    List<String> parts = new ArrayList<>();
    parts.add("Rehearsal  " + title(report) + "   [SIMULATED]");
    parts.add("Again      " + again(report));
    parts.add(
        "Status     " + report.status() + (report.error() == null ? "" : ": " + report.error()));
    parts.add("Time       " + time(report));
    parts.add("Days");
    parts.add(days(report.days()));
    if (!report.injectedFaults().isEmpty()) {
      parts.add("Injected faults");
      report
          .injectedFaults()
          .forEach(
              fault ->
                  parts.add(
                      "  "
                          + TIME.format(fault.at())
                          + " in step "
                          + fault.path()
                          + " ("
                          + fault.step()
                          + "): "
                          + fault.text()));
    }
    if (!report.decisions().isEmpty()) {
      parts.add("Decisions");
      report.decisions().forEach(asked -> parts.add("  " + decision(asked)));
    }
    if (!report.conflicts().isEmpty()) {
      parts.add("Conflicts");
      report.conflicts().forEach(conflict -> parts.add("  " + conflict(conflict)));
    }
    parts.add("Materials");
    parts.add(Tables.materials(report.billOfMaterials()));
    parts.add(Tables.totals(report.materialCostUsd(), report.instrumentCostUsd()));
    if (!report.repeatedMaterials().isEmpty()) {
      parts.add("Used once more by repeated steps, " + report.repeatedCostUsd());
      parts.add(Tables.materials(report.repeatedMaterials()));
    }
    parts.addAll(Tables.warnings(report.warnings(), protocol.steps()));
    return String.join(System.lineSeparator(), parts);
  }

  private static String title(RehearsalReport report) {
    return report.operation()
        + (report.cellLine() == null ? "" : " of " + report.cellLine())
        + (report.vesselId() == null ? "" : " in " + report.vesselId());
  }

  private static String again(RehearsalReport report) {
    return "--seed "
        + report.seed()
        + " --faults "
        + report.faults()
        + " --begin "
        + report.begin();
  }

  private static String time(RehearsalReport report) {
    double longer = report.durationMinutes() - report.plannedMinutes();
    String compared =
        Math.abs(longer) < NOTICEABLE_MINUTES
            ? "as planned"
            : length(Math.abs(longer))
                + (longer > 0 ? " longer than planned" : " shorter than planned");
    return TIME.format(report.begin())
        + " to "
        + TIME.format(report.end())
        + ": "
        + length(report.durationMinutes())
        + ", "
        + compared;
  }

  private static String days(List<Day> days) {
    return Tables.table(
        days,
        List.of(
            Tables.right("Day", day -> String.valueOf(day.day())),
            Tables.left(
                "Date",
                day ->
                    day.date().getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ROOT)
                        + " "
                        + day.date()),
            Tables.right("Steps", day -> String.valueOf(day.steps())),
            Tables.left("First", day -> clock(day.first())),
            Tables.left("Last", day -> clock(day.last())),
            Tables.right(
                "Late",
                day -> day.lateMinutes() < NOTICEABLE_MINUTES ? "" : length(day.lateMinutes()))));
  }

  /** To the second: the report has hundredths of minutes. */
  private static String length(double minutes) {
    return Texts.duration(Duration.ofSeconds(Math.round(minutes * SECONDS_PER_MINUTE)));
  }

  private static String clock(@Nullable LocalDateTime time) {
    return time == null ? "" : CLOCK.format(time);
  }

  private static String decision(Decision asked) {
    return TIME.format(asked.askedAt())
        + " "
        + asked.question()
        + " Answer: "
        + asked.choice()
        + (asked.amountMl() == null ? "" : " " + Texts.number(asked.amountMl()) + " mL")
        + ", after "
        + length(asked.minutes())
        + ".";
  }

  private static String conflict(Conflict conflict) {
    return "step "
        + conflict.path()
        + " ("
        + conflict.step()
        + ") "
        + switch (conflict.kind()) {
          case LATE ->
              "came "
                  + length(conflict.minutes())
                  + " later than planned, at "
                  + TIME.format(conflict.at())
                  + ".";
          case OVERDUE ->
              "was overdue by "
                  + length(conflict.minutes())
                  + " since "
                  + TIME.format(conflict.at())
                  + ".";
          case OUT_OF_HOURS ->
              "needed a person at "
                  + TIME.format(conflict.at())
                  + ", outside of the working hours 08 to 18.";
        };
  }
}
