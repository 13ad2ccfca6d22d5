package org.cellos.starter;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Priority;
import org.cellos.domain.ResolvedProtocol;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What makes an execution out of a protocol. */
final class ExecutionOptions {
  @Option(
      names = "--meta",
      paramLabel = "KEY=VALUE",
      description = "A note kept with the execution; may be repeated.")
  private Map<String, String> metadata = new LinkedHashMap<>();

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "An id of your own; the same command with the same id is one execution.")
  private @Nullable String id;

  @Option(
      names = "--instruments",
      paramLabel = "KIND",
      description =
          "virtual (default); manual: a person does each step and says so with 'confirm'; hardware:"
              + " robots and handlers do what they can, a person does the rest.")
  private String instruments = "virtual";

  @Option(
      names = "--speed-up",
      paramLabel = "N",
      description =
          "How much faster than real time virtual instruments go, 1 to 1,000,000 (default: 3600).")
  private @Nullable Double speedUp;

  @Option(
      names = "--robot",
      paramLabel = "ID",
      description =
          "With --instruments hardware: the robot that does the liquid steps of a plate on its deck;"
              + " none for a person (default: the only robot with such a plate).")
  private @Nullable String robot;

  @Option(
      names = "--override",
      paramLabel = "REASON",
      description =
          "Performs by hand or on hardware in spite of blocking warnings; the reason is kept with"
              + " the execution.")
  private @Nullable String override;

  @Option(
      names = "--priority",
      paramLabel = "P",
      description =
          "urgent, normal (default) or low: where it stands in the queue for robots and equipment"
              + " that others want as well.")
  private @Nullable String priority;

  /**
   * @param robots the file in which the robots are written down; need not exist
   */
  ExecutionInput input(
      Terminal terminal, Path robots, ResolvedProtocol resolved, @Nullable Begin begin) {
    Instruments chosen = instruments();
    Parameters metadata = metadata();
    ResolvedProtocol protocol = resolved;
    if (chosen == Instruments.HARDWARE) {
      protocol = RobotChoice.share(terminal, robots, resolved, robot);
    } else if (robot != null) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--robot goes with --instruments hardware only.");
    }
    return ExecutionInputs.ofResolved(
        id == null ? ExecutionInputs.newExecutionId() : id,
        protocol,
        metadata,
        chosen,
        ExecutionInputs.speedUp(protocol, chosen, speedUp, override != null),
        begin);
  }

  private Parameters metadata() {
    Map<String, Object> all = new LinkedHashMap<>(metadata);
    if (override != null) {
      if (override.isBlank()) {
        throw new CommandException(
            ExitCode.BAD_INPUT, "--override needs a reason, which is kept with the execution.");
      }
      all.put(ExecutionInputs.OVERRIDE, override.strip());
    }
    if (priority != null) {
      try {
        all.put(Priority.KEY, Priority.ofWireValue(priority).wireValue());
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitCode.BAD_INPUT, "--priority " + e.getMessage() + ".", e);
      }
    }
    return Parameters.of(all);
  }

  private Instruments instruments() {
    return switch (instruments) {
      case "virtual" -> Instruments.VIRTUAL;
      case "manual" -> Instruments.MANUAL;
      case "hardware" -> Instruments.HARDWARE;
      default ->
          throw new CommandException(
              ExitCode.BAD_INPUT,
              "--instruments must be virtual, manual or hardware, not '" + instruments + "'.");
    };
  }
}
