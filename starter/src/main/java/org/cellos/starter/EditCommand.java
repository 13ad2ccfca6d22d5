package org.cellos.starter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.cellos.domain.Control;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes parameters of a step that has not begun. */
@Command(
    name = "edit",
    description = "Changes parameters of a step that has not begun.",
    mixinStandardHelpOptions = true)
final class EditCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Option(
      names = "--step",
      paramLabel = "STEP",
      required = true,
      description = "Which step, as 'show' numbers it.")
  private String step = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "New values of parameters that the step has, such as volume_ml=12.5.")
  private List<String> changes = new ArrayList<>();

  @Mixin private PersonOptions person = new PersonOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  EditCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return new Controlling(new Session(terminal, database, engine, output), person)
        .ask(
            id,
            (record, history) ->
                new Control.Edit(
                    Controlling.stepIndex(history, record, step),
                    Changes.of(
                        changes,
                        history
                            .queries()
                            .steps(record.executionId())
                            .get(Controlling.stepIndex(history, record, step))
                            .parameters())),
            false)
        .number();
  }
}
