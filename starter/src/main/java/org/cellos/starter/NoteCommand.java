package org.cellos.starter;

import java.util.List;
import java.util.concurrent.Callable;
import org.cellos.domain.ExecutionRecord;
import org.cellos.store.MirrorDatabase;
import org.cellos.view.History;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps a note with an execution, open or ended. */
@Command(
    name = "note",
    description = "Keeps a note with an execution, open or ended.",
    mixinStandardHelpOptions = true)
final class NoteCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = "What to keep.")
  private List<String> text = List.of();

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description = "The step that it is about, as 'show' numbers it.")
  private @Nullable String step;

  @Option(names = "--by", paramLabel = "NAME", description = PersonOptions.BY)
  private @Nullable String by;

  @Mixin private DatabaseOptions database = new DatabaseOptions();

  NoteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String note = String.join(" ", text).strip();
    if (note.isEmpty()) {
      throw new CommandException(ExitCode.BAD_INPUT, "An empty note was not kept.");
    }
    try (MirrorDatabase mirror = MirrorDatabase.open(database.existingFile(terminal))) {
      History history = History.of(mirror);
      ExecutionRecord record = Executions.find(history.queries(), id);
      Integer index = step == null ? null : Controlling.stepIndex(history, record, step);
      String who = PersonOptions.nameOr(by);
      mirror.note(record.executionId(), index, who, note);
      terminal.out().println("Kept with " + record.executionId() + ", by " + who + ".");
      return ExitCode.OK.number();
    }
  }
}
