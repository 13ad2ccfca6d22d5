package org.cellos.starter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
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
      description = "virtual (default); manual and hardware come with later versions.")
  private String instruments = "virtual";

  @Option(
      names = "--speed-up",
      paramLabel = "N",
      description =
          "How much faster than real time virtual instruments go, 1 to 1,000,000 (default:"
              + " ${DEFAULT-VALUE}).")
  private double speedUp = ExecutionInput.DEFAULT_SPEED_UP;

  ExecutionInput input(ResolvedProtocol protocol, @Nullable Begin begin) {
    requireVirtual();
    return ExecutionInputs.ofResolved(
        id == null ? ExecutionInputs.newExecutionId() : id,
        protocol,
        Parameters.of(metadata),
        speedUp,
        begin);
  }

  private void requireVirtual() {
    switch (instruments) {
      case "virtual" -> {}
      case "manual", "hardware" ->
          throw new CommandException(
              ExitCode.BAD_INPUT,
              "--instruments "
                  + instruments
                  + " comes with a later version; this one has virtual instruments only.");
      default ->
          throw new CommandException(
              ExitCode.BAD_INPUT,
              "--instruments must be virtual, manual or hardware, not '" + instruments + "'.");
    }
  }
}
