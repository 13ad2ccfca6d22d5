package org.cellos.starter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
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
          "virtual (default), or manual: a person does each step and says so with 'confirm';"
              + " hardware comes with a later version.")
  private String instruments = "virtual";

  @Option(
      names = "--speed-up",
      paramLabel = "N",
      description =
          "How much faster than real time virtual instruments go, 1 to 1,000,000 (default: 3600).")
  private @Nullable Double speedUp;

  ExecutionInput input(ResolvedProtocol protocol, @Nullable Begin begin) {
    Instruments chosen = instruments();
    return ExecutionInputs.ofResolved(
        id == null ? ExecutionInputs.newExecutionId() : id,
        protocol,
        Parameters.of(metadata),
        chosen,
        ExecutionInputs.speedUp(protocol, chosen, speedUp),
        begin);
  }

  private Instruments instruments() {
    return switch (instruments) {
      case "virtual" -> Instruments.VIRTUAL;
      case "manual" -> Instruments.MANUAL;
      case "hardware" ->
          throw new CommandException(
              ExitCode.BAD_INPUT,
              "--instruments hardware comes with a later version; this one has virtual and manual.");
      default ->
          throw new CommandException(
              ExitCode.BAD_INPUT,
              "--instruments must be virtual, manual or hardware, not '" + instruments + "'.");
    };
  }
}
