package org.cellos.starter;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.json.Json;
import org.cellos.rehearsal.Rehearsal;
import org.cellos.rehearsal.RehearsalReport;
import org.cellos.rehearsal.RehearsalRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Performs a protocol on a simulated clock, with faults, and tells what would come of it. */
@Command(
    name = "rehearse",
    description =
        "Performs a protocol at real speed on a simulated clock, with faults, within seconds; nothing"
            + " is kept in the history.",
    mixinStandardHelpOptions = true)
final class RehearseCommand implements Callable<Integer> {
  /** Short enough to be typed again. */
  private static final int SEEDS = 1_000_000;

  private final Terminal terminal;

  @Mixin private ProtocolOptions protocol = new ProtocolOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draws the same faults and answers again (default: a new one, which is shown).")
  private @Nullable Long seed;

  @Option(
      names = "--faults",
      paramLabel = "N",
      description =
          "How many faults to inject, on average; 0 for none, 1000 at most (default:"
              + " ${DEFAULT-VALUE}).")
  private int faults = 3;

  @Option(
      names = "--begin",
      paramLabel = "TIME",
      description = "When it begins, as 2026-03-02T09:00 (default: the next full hour).")
  private @Nullable String begin;

  RehearseCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    RehearsalRequest request =
        new RehearsalRequest(
            seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed, faults, begin());
    ResolvedProtocol resolved = protocol.resolve(terminal);
    RehearsalReport report = Rehearsal.perform(resolved, request);
    terminal
        .out()
        .println(output.json() ? Json.writePretty(report) : RehearsalText.of(report, resolved));
    return ExitCode.of(report.status()).number();
  }

  private LocalDateTime begin() {
    if (begin == null) {
      return LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.HOURS).plusHours(1);
    }
    try {
      return LocalDateTime.parse(begin).truncatedTo(ChronoUnit.SECONDS);
    } catch (DateTimeParseException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--begin must be a date and a time such as 2026-03-02T09:00, not '" + begin + "'.",
          e);
    }
  }
}
