package org.cellos.starter;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.cellos.ot2.fake.FakeRobot;
import org.cellos.ot2.fake.FakeRobotOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A robot of software, to try things without one. */
@Command(
    name = "fake",
    description =
        "Starts a fake OT-2 on 127.0.0.1 until it is stopped. It moves nothing, and everything that"
            + " it performs is marked as simulated.",
    mixinStandardHelpOptions = true)
final class RobotFakeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Where it listens; 0 for any port that is free (default: 31950).")
  private int port = 31950;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "What it keeps when it is switched off (default: data/fake-robot).")
  private Path folder = Path.of("data", "fake-robot");

  @Option(
      names = "--seconds-per-command",
      paramLabel = "S",
      description = "How long each of its commands takes, 0 to 3600 (default: 1).")
  private double secondsPerCommand = 1;

  RobotFakeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!(secondsPerCommand >= 0 && secondsPerCommand <= 3600)) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--seconds-per-command must be from 0 to 3600, not " + secondsPerCommand + ".");
    }
    if (port < 0 || port > 65_535) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--port must be from 0 to 65535, not " + port + ".");
    }
    FakeRobotOptions options =
        FakeRobotOptions.in(terminal.workingDirectory().resolve(folder))
            .onPort(port)
            .taking(Duration.ofMillis(Math.round(secondsPerCommand * 1000)));
    try (FakeRobot robot = FakeRobot.start(options)) {
      terminal
          .err()
          .println("FAKE robot at " + robot.address() + ": it moves nothing. Stop with Ctrl-C.");
      // Until the process is told to end: what it keeps is on disk at every moment.
      new CountDownLatch(1).await();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "The fake robot cannot listen on port "
              + port
              + " or write to "
              + folder
              + ": "
              + e.getMessage()
              + ". Give another --port or --folder.",
          e);
    }
    return ExitCode.OK.number();
  }
}
