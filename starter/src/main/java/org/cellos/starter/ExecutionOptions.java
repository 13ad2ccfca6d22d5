package org.cellos.starter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Severity;
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
    if (chosen == Instruments.MANUAL) {
      requireSafeByHand(protocol);
    }
    return ExecutionInputs.ofResolved(
        id == null ? ExecutionInputs.newExecutionId() : id,
        protocol,
        Parameters.of(metadata),
        chosen,
        speedUp(chosen),
        begin);
  }

  private double speedUp(Instruments chosen) {
    if (chosen == Instruments.VIRTUAL) {
      return speedUp == null ? ExecutionInput.DEFAULT_SPEED_UP : speedUp;
    }
    if (speedUp != null) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--speed-up goes with virtual instruments only: cells take their time.");
    }
    return 1;
  }

  /** A blocking warning means that cells would be lost. */
  private static void requireSafeByHand(ResolvedProtocol protocol) {
    List<String> blocking =
        protocol.warnings().stream()
            .filter(warning -> warning.severity() == Severity.BLOCKING)
            .map(warning -> warning.code() + ": " + warning.message())
            .toList();
    if (!blocking.isEmpty()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "This protocol is not performed by hand, since it would lose cells: "
              + String.join(" ", blocking)
              + " Correct it in a protocol file of your own.");
    }
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
