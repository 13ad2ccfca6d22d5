package org.cellos.starter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which protocol, for which cells, in which vessel. */
final class ProtocolOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "OP",
      description = "passage, thaw, feed or coat; or give --protocol.")
  private @Nullable String operation;

  @Option(
      names = "--cell-line",
      paramLabel = "NAME",
      description = "The cell line, for example iPSC.")
  private @Nullable String cellLine;

  @Option(
      names = "--vessel",
      paramLabel = "ID",
      description = "The vessel, for example T75 or flask_t75.")
  private @Nullable String vessel;

  @Option(
      names = "--protocol",
      paramLabel = "FILE.yaml",
      description = "A protocol of your own instead of OP.")
  private @Nullable Path protocolFile;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Whose protocols: original (default) or bench.")
  private String profile = Profile.ORIGINAL.wireValue();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A folder with protocol facts (cell_lines.yaml, raw/, protocols/) that override the"
              + " built-in ones file by file (default: data in the current folder).")
  private @Nullable Path dataDirectory;

  ResolvedProtocol resolve(Terminal terminal) {
    ProtocolResolver resolver = new ProtocolResolver(ProtocolData.load(dataDirectory(terminal)));
    Profile chosenProfile = chosenProfile();
    if (protocolFile != null) {
      if (operation != null) {
        throw new CommandException(ExitCode.BAD_INPUT, "Give either OP or --protocol, not both.");
      }
      if (chosenProfile == Profile.BENCH) {
        throw new CommandException(
            ExitCode.BAD_INPUT, "--profile is for the built-in protocols: leave it out.");
      }
      return resolver.resolveFile(
          terminal.workingDirectory().resolve(protocolFile),
          Optional.ofNullable(cellLine),
          Optional.ofNullable(vessel));
    }
    if (operation == null) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "Say what to do: passage, thaw, feed or coat, with --cell-line and --vessel; or give"
              + " --protocol FILE.yaml.");
    }
    return resolver.resolve(
        operation, required("--cell-line", cellLine), required("--vessel", vessel), chosenProfile);
  }

  private Profile chosenProfile() {
    try {
      return Profile.ofWireValue(profile);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.BAD_INPUT, "--profile: " + e.getMessage() + ".", e);
    }
  }

  Optional<Path> dataDirectory(Terminal terminal) {
    return dataDirectory(terminal, dataDirectory);
  }

  /** What was given, else {@code data} where it stands in the current folder. */
  static Optional<Path> dataDirectory(Terminal terminal, @Nullable Path dataDirectory) {
    if (dataDirectory != null) {
      Path given = terminal.workingDirectory().resolve(dataDirectory);
      if (!Files.isDirectory(given)) {
        throw new CommandException(
            ExitCode.BAD_INPUT, "--data " + dataDirectory + " is not a folder.");
      }
      return Optional.of(given);
    }
    return Optional.of(terminal.workingDirectory().resolve("data")).filter(Files::isDirectory);
  }

  private String required(String option, @Nullable String value) {
    if (value == null) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "The option "
              + option
              + " is missing: "
              + operation
              + " needs a cell line and a vessel,"
              + " for example --cell-line iPSC --vessel T75.");
    }
    return value;
  }
}
