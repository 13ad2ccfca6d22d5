package org.cellos.starter;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.Choice;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.ExposureWindow;
import org.cellos.domain.MaterialLine;
import org.cellos.domain.MirrorDifference;
import org.cellos.domain.Parameters;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.Question;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepRole;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Usd;
import org.cellos.store.ExecutionDetails;
import org.cellos.store.ExecutionQueries;
import org.cellos.view.Countdown;
import org.cellos.view.ExecutionView;
import org.cellos.view.History;
import org.cellos.view.Texts;
import org.jspecify.annotations.Nullable;

/** Results as people read them. */
final class Tables {
  private static final int WIDEST_TEXT = 60;

  private Tables() {}

  /** What a protocol would do. */
  static String resolved(ResolvedProtocol protocol) {
    List<String> parts = new ArrayList<>();
    parts.add(title(protocol));
    parts.add(
        table(
            protocol.steps(),
            List.of(
                right("Step", Step::path),
                left("What", Step::name),
                left("From", step -> text(parameters(step), "from")),
                left("To", step -> text(parameters(step), "to", "vessel")),
                right("mL", step -> number(parameters(step), "volume_ml")),
                right("Time", step -> Texts.minutes(step.unitOp().durationMinutes())),
                right("Material", step -> step.unitOp().materialCostUsd().toString()),
                right("Instrument", step -> step.unitOp().instrumentCostUsd().toString()))));
    parts.addAll(times(protocol.steps()));
    parts.add(
        totals(protocol.materialCostUsd(), protocol.instrumentCostUsd())
            + ", time "
            + Texts.minutes(protocol.durationMinutes()));
    parts.add("Materials");
    parts.add(materials(protocol.billOfMaterials()));
    parts.addAll(warnings(protocol.warnings(), protocol.steps()));
    return String.join(System.lineSeparator(), parts);
  }

  static String materials(List<MaterialLine> lines) {
    return table(
        lines,
        List.of(
            left("Resource", MaterialLine::resourceId),
            left("Name", MaterialLine::name),
            right("Quantity", line -> Texts.number(line.quantity())),
            left("Unit", MaterialLine::unit),
            right("Cost", Tables::cost)));
  }

  /** Which times are to be kept, and what is done where something goes wrong. */
  private static List<String> times(List<Step> steps) {
    List<String> lines = new ArrayList<>();
    List<String> rescue = new ArrayList<>();
    List<String> safeState = new ArrayList<>();
    for (Step step : steps) {
      ExposureWindow window = step.window();
      if (step.role() == StepRole.RESCUE) {
        rescue.add(step.path());
      } else if (step.role() == StepRole.SAFE_STATE) {
        safeState.add(step.path());
      } else if (window != null) {
        lines.add(
            "Step "
                + step.path()
                + " must begin "
                + window.inWords()
                + (window.atLeastMinutes() == null ? " of step " : " after step ")
                + steps.get(window.sinceStep()).path()
                + (rescue.isEmpty() ? "." : "; if it is late: " + String.join(", ", rescue) + "."));
        rescue.clear();
      }
    }
    if (!safeState.isEmpty()) {
      lines.add("If it fails or is cancelled: " + String.join(", ", safeState) + ".");
    }
    return lines;
  }

  /** Where the history is not what Temporal says. */
  static String differences(List<MirrorDifference> differences) {
    return table(
        differences,
        List.of(
            left("Execution", MirrorDifference::executionId),
            left("Table", MirrorDifference::table),
            left("Row", MirrorDifference::row),
            left("Column", MirrorDifference::column),
            left("The history has", difference -> value(difference.mirror())),
            left("Temporal says", difference -> value(difference.history()))));
  }

  private static String value(@Nullable String value) {
    return value == null ? "-" : value;
  }

  /** What an execution did. */
  static String execution(
      ExecutionRecord record,
      List<StepRecord> steps,
      Optional<ExecutionDetails> details,
      History history,
      Optional<String> temporalWebUi) {
    List<DecisionRecord> decisions = history.queries().decisions(record.executionId());
    List<String> parts = new ArrayList<>();
    parts.add("Execution  " + record.executionId());
    parts.add("Protocol   " + record.workflowName() + simulationMark(record));
    parts.add("Status     " + record.status() + times(record));
    if (history.isAbandoned(record)) {
      parts.add(
          "           NOT GOING ON: nothing performs it now. A step that is shown as running may have"
              + " been done, and is asked about when it goes on.");
    }
    record
        .error()
        .ifPresent(
            error ->
                parts.add((record.status().isTerminal() ? "Error      " : "Now        ") + error));
    details
        .map(known -> known.input().rerunOf())
        .ifPresent(former -> parts.add("Rerun of   " + former.executionId()));
    List<String> reruns = history.queries().reruns(record.executionId());
    if (!reruns.isEmpty()) {
      parts.add("Rerun by   " + String.join(", ", reruns));
    }
    if (!record.metadata().values().isEmpty()) {
      parts.add("Metadata   " + Texts.keyValues(record.metadata()));
    }
    temporalWebUi.ifPresent(link -> parts.add("Temporal   " + link));
    parts.add(table(steps, stepColumns(steps, details, decisions)));
    String ended = record.status() == ExecutionStatus.CANCELLED ? " ended: " : " failed: ";
    for (StepRecord step : steps) {
      if (step.errorMessage() != null
          && step.status() == StepStatus.FAILED
          && !isInDoubt(step, decisions)) {
        parts.add("Step " + number(details, step) + ended + step.errorMessage());
      }
      history
          .robotSays(record.executionId(), step)
          .ifPresent(says -> parts.add("Step " + number(details, step) + " now: " + says));
      if (step.result() != null && step.result().has("note")) {
        parts.add("Step " + number(details, step) + " note: " + step.result().text("note"));
      }
    }
    details.ifPresent(
        known -> {
          parts.add(
              totals(known.input().materialCostUsd(), known.input().instrumentCostUsd())
                  + ", planned time "
                  + Texts.minutes(known.input().durationMinutes()));
          parts.addAll(warnings(known.input().warnings(), known.input().steps()));
        });
    steps.stream()
        .flatMap(step -> history.waiting(record.executionId(), step).stream())
        .forEach(waiting -> parts.add(waiting.sentence()));
    parts.addAll(history.equipmentWaits(record.executionId()));
    for (AuditEntry entry : history.queries().audit(record.executionId())) {
      parts.add(
          Texts.localTime(entry.at())
              + "  "
              + entry.who()
              + ": "
              + entry.what()
              + (entry.stepIndex() == null
                  ? ""
                  : " (step " + path(details, entry.stepIndex()) + ")")
              + (entry.reason() == null ? "" : ": " + entry.reason()));
    }
    Countdown.of(history.queries(), record.executionId())
        .due()
        .ifPresent(due -> parts.add(due.sentence()));
    for (DecisionRecord decision : decisions) {
      parts.add(decision.isOpen() ? openQuestion(decision, details) : answered(decision));
    }
    return String.join(System.lineSeparator(), parts);
  }

  /**
   * What a question is about, as {@code --step} takes it: {@code 2.3}, or {@code 2.3/begin} and
   * {@code 2.3/end} of a step that has both, and {@code 2.3/late} of one that comes too late.
   */
  static String stepName(ExecutionQueries queries, DecisionRecord decision) {
    return stepName(queries.details(decision.executionId()), decision);
  }

  private static String stepName(Optional<ExecutionDetails> details, DecisionRecord decision) {
    Question question = decision.question();
    return path(details, question.stepIndex())
        + switch (question.action()) {
          case PERFORM -> "";
          case BEGIN -> "/late";
          case START -> "/begin";
          case STOP -> "/end";
        };
  }

  private static String path(Optional<ExecutionDetails> details, int stepIndex) {
    return details
        .map(known -> known.input().steps().get(stepIndex).path())
        .orElseGet(() -> String.valueOf(stepIndex + 1));
  }

  /** What is asked, what is known, and what may be answered. */
  static String openQuestion(DecisionRecord decision, Optional<ExecutionDetails> details) {
    Question question = decision.question();
    boolean isConfirmation = question.kind() == Question.Kind.CONFIRMATION;
    List<String> lines = new ArrayList<>();
    lines.add("Waiting for a person since " + Texts.localTime(decision.openedAt()) + ":");
    lines.add("  " + question.text());
    lines.add("  " + question.evidence());
    lines.add(
        isConfirmation
            ? "When it is done: cellos confirm "
                + decision.executionId()
                + " --step "
                + stepName(details, decision)
            : (question.kind() == Question.Kind.LATE
                    ? "Look at the cells, then say what is to be done: cellos decide "
                    : "Look at the vessel, then say what happened: cellos decide ")
                + decision.executionId()
                + " CHOICE --reason TEXT");
    if (isConfirmation) {
      lines.add("Otherwise: cellos decide " + decision.executionId() + " CHOICE --reason TEXT");
    }
    for (Choice choice : question.choices()) {
      if (!isConfirmation || choice != Choice.DONE) {
        lines.add(String.format("  %-8s %s", choice, meaning(choice, question)));
      }
    }
    return String.join(System.lineSeparator(), lines);
  }

  /** After a cancel nothing goes on, whatever is answered. */
  private static String meaning(Choice choice, Question question) {
    if (!question.isAskedForCancel()) {
      return choice.meaning();
    }
    return switch (choice) {
      case DONE -> "it was done; the execution ends as cancelled";
      case PARTLY -> "only so much was moved (--amount ML); the execution ends as cancelled";
      case GO_ON -> choice.meaning();
      case AGAIN -> "try it once more";
      case SKIP -> "it was not done; the execution ends as cancelled";
      case ABORT -> "nobody can tell; the execution ends as failed";
    };
  }

  /** Documented as failed, as long as nobody has said how it ended. */
  private static boolean isInDoubt(StepRecord step, List<DecisionRecord> decisions) {
    return decisions.stream()
        .filter(DecisionRecord::isOpen)
        .map(DecisionRecord::question)
        .anyMatch(
            question ->
                question.kind() == Question.Kind.OUTCOME
                    && question.stepIndex() == step.stepIndex());
  }

  private static String answered(DecisionRecord decision) {
    if (decision.decidedBy() == null) {
      return "Asked: " + decision.question().text() + " Nobody had to answer any more.";
    }
    String who = decision.decidedBy() == null ? "" : " by " + decision.decidedBy();
    String why = decision.reason() == null ? "" : ": " + decision.reason();
    return "Asked: "
        + decision.question().text()
        + " Answer: "
        + decision.choice()
        + (decision.amountMillilitres() == null
            ? ""
            : " " + Texts.number(decision.amountMillilitres()) + " mL")
        + who
        + why;
  }

  /** The reagent stands in the step's name; attempts are shown where there were several. */
  private static List<ColumnData<StepRecord>> stepColumns(
      List<StepRecord> steps, Optional<ExecutionDetails> details, List<DecisionRecord> decisions) {
    List<ColumnData<StepRecord>> columns = new ArrayList<>();
    columns.add(right("Step", step -> number(details, step)));
    columns.add(left("What", StepRecord::name));
    columns.add(right("mL", step -> number(step.parameters(), "volume_ml")));
    columns.add(right("Moved mL", Tables::moved));
    columns.add(
        right("Time", step -> planned(details, step, op -> Texts.minutes(op.durationMinutes()))));
    columns.add(
        right(
            "Cost",
            step ->
                planned(
                    details,
                    step,
                    op -> op.materialCostUsd().plus(op.instrumentCostUsd()).toString())));
    columns.add(
        left("Status", step -> isInDoubt(step, decisions) ? "unknown" : step.status().toString()));
    columns.add(left("How", Tables::how));
    if (steps.stream().anyMatch(step -> step.attempts() > 1)) {
      columns.add(right("Tries", step -> step.attempts() == 0 ? "" : "" + step.attempts()));
    }
    return columns;
  }

  /** A line an execution. */
  static String executions(List<ExecutionRecord> executions, History history) {
    return table(
        executions,
        List.of(
            left("Execution", ExecutionRecord::executionId),
            left("Protocol", ExecutionRecord::workflowName),
            left("Status", record -> status(record, history)),
            left("How", record -> simulationWord(history.undisguised(record))),
            right("Steps", record -> record.completedStepCount() + "/" + record.stepCount()),
            left("Created", record -> Texts.localTime(record.createdAt())),
            right("Took", record -> Texts.between(record.startedAt(), record.completedAt())),
            left("Error", record -> record.error().orElse(""))));
  }

  private static String status(ExecutionRecord record, History history) {
    return record.status() + (history.isAbandoned(record) ? ", not going on" : "");
  }

  private static String title(ResolvedProtocol protocol) {
    StringBuilder title = new StringBuilder(protocol.operation());
    if (protocol.cellLine() != null) {
      title.append(" of ").append(protocol.cellLine());
    }
    if (protocol.vesselId() != null) {
      title.append(" in ").append(protocol.vesselId());
    }
    return title
        .append(", profile ")
        .append(protocol.profile())
        .append(": ")
        .append(protocol.steps().stream().filter(step -> step.role() == null).count())
        .append(" steps. Nothing was run.")
        .toString();
  }

  private static String simulationMark(ExecutionRecord record) {
    String word = simulationWord(record);
    return word.isEmpty() ? "" : "   [" + word + "]";
  }

  private static String simulationWord(ExecutionRecord record) {
    if (record.status() == ExecutionStatus.PENDING) {
      return "";
    }
    if (Boolean.TRUE.equals(record.dryRun())) {
      return "DRY RUN";
    }
    if (record.simulated() == null) {
      return record.dryRun() == null ? "unknown" : "PARTLY SIMULATED";
    }
    return record.simulated() ? "SIMULATED" : "REAL";
  }

  private static String times(ExecutionRecord record) {
    String created = ", created " + Texts.localTime(record.createdAt());
    String took = Texts.between(record.startedAt(), record.completedAt());
    return took.isEmpty() ? created : created + ", took " + took;
  }

  /** The position in the protocol, as people count: {@code 2.3}; the plain number if unknown. */
  private static String number(Optional<ExecutionDetails> details, StepRecord step) {
    return details
        .map(known -> known.input().steps())
        .filter(planned -> step.stepIndex() < planned.size())
        .map(planned -> planned.get(step.stepIndex()).path())
        .orElseGet(() -> String.valueOf(step.stepIndex() + 1));
  }

  private static String planned(
      Optional<ExecutionDetails> details, StepRecord step, Function<UnitOp, String> column) {
    return details
        .map(known -> known.input().steps())
        .filter(planned -> step.stepIndex() < planned.size())
        .map(planned -> column.apply(planned.get(step.stepIndex()).unitOp()))
        .orElse("");
  }

  private static String moved(StepRecord step) {
    return step.result() == null ? "" : number(step.result(), "moved_ml");
  }

  private static String how(StepRecord step) {
    if (step.result() != null && step.result().has("generic")) {
      return "nothing done";
    }
    if (step.result() != null && step.result().has("decided")) {
      return "decided";
    }
    return ExecutionView.mode(step).orElse(step.status() == StepStatus.COMPLETED ? "unknown" : "");
  }

  private static String cost(MaterialLine line) {
    if (line.costUsd() != null) {
      return line.costUsd().toString();
    }
    return line.kind() == MaterialLine.Kind.PREPARED ? "prepared" : "no price";
  }

  static String totals(Usd material, Usd instrument) {
    return "Total      material " + material + ", instrument time " + instrument;
  }

  static List<String> warnings(List<ProtocolWarning> warnings, List<Step> steps) {
    List<String> lines = new ArrayList<>();
    if (!warnings.isEmpty()) {
      lines.add("Warnings");
    }
    for (ProtocolWarning warning : warnings) {
      String where =
          warning.stepIndex() == null
              ? ""
              : " in step " + steps.get(warning.stepIndex()).path() + ":";
      lines.add(
          "  "
              + warning.severity()
              + " "
              + warning.code()
              + where
              + " "
              + warning.message()
              + " "
              + warning.fix());
    }
    return lines;
  }

  private static Parameters parameters(Step step) {
    return step.unitOp().parameters();
  }

  private static String text(Parameters parameters, String... keys) {
    for (String key : keys) {
      if (parameters.values().get(key) instanceof String text) {
        return text;
      }
    }
    return "";
  }

  private static String number(Parameters parameters, String key) {
    return parameters.values().get(key) instanceof Number number
        ? Texts.number(number.doubleValue())
        : "";
  }

  static <T> ColumnData<T> left(String header, Function<T, String> cell) {
    return column(header, HorizontalAlign.LEFT, cell);
  }

  static <T> ColumnData<T> right(String header, Function<T, String> cell) {
    return column(header, HorizontalAlign.RIGHT, cell);
  }

  private static <T> ColumnData<T> column(
      String header, HorizontalAlign align, Function<T, String> cell) {
    return new Column()
        .header(header)
        .headerAlign(align)
        .dataAlign(align)
        .maxWidth(WIDEST_TEXT)
        .with(cell);
  }

  static <T> String table(List<T> rows, List<ColumnData<T>> columns) {
    return AsciiTable.builder()
        .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER)
        .data(rows, columns)
        .asString()
        .lines()
        .map(String::stripTrailing)
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
