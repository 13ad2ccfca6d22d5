package org.cellos.ot2;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person does with a robot directly, without any worker: looks whether it is the one that is
 * meant, and stops it. Not thread-safe.
 */
public final class RobotVisitor {
  private static final long BETWEEN_LOOKS_MS = 200;

  private final RobotSetup robot;
  private final Ot2Client client;

  public RobotVisitor(RobotSetup robot) {
    this.robot = robot;
    this.client = new Ot2Client(robot.address().uri());
  }

  /**
   * What was found at a robot's address.
   *
   * @param health what it says of itself
   * @param pipettes names by mount
   * @param modules models
   * @param run what it does now, in its own word; empty if it has nothing loaded
   * @param problem what is not as configured, in one sentence; empty if all is
   */
  public record Found(
      RobotHealth health,
      Map<String, String> pipettes,
      List<String> modules,
      Optional<String> run,
      Optional<String> problem) {}

  /**
   * @throws RobotSilentException if nothing answers, or no robot
   */
  public Found look() throws RobotSilentException, RobotRefusalException, InterruptedException {
    requireAllowed();
    RobotHealth health = client.health();
    Map<String, String> pipettes = client.pipettes();
    List<String> modules = client.modules();
    Optional<String> current = client.currentRun();
    Optional<String> run =
        current.isPresent()
            ? Optional.of(client.run(current.get()).statusWord())
            : Optional.empty();
    Optional<String> problem =
        RobotCheck.ofHealth(robot, health).or(() -> RobotCheck.ofMounted(robot, pipettes, modules));
    return new Found(health, pipettes, modules, run, problem);
  }

  /**
   * Stops whatever the robot performs, whoever began it, and waits until the robot says that it has
   * stopped.
   *
   * @param patience how long to wait for that
   * @return what it says in the end; empty if there was nothing to stop
   */
  public Optional<String> stop(Duration patience)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    requireAllowed();
    Optional<String> current = client.currentRun();
    if (current.isEmpty() || client.run(current.get()).status().isTerminal()) {
      return Optional.empty();
    }
    client.tell(current.get(), RunAction.STOP);
    Instant until = Instant.now().plus(patience);
    RobotRun run = client.run(current.get());
    while (!run.status().isTerminal() && Instant.now().isBefore(until)) {
      Thread.sleep(BETWEEN_LOOKS_MS);
      run = client.run(current.get());
    }
    return Optional.of(run.statusWord());
  }

  private void requireAllowed() throws RobotSilentException {
    Optional<String> forbidden = robot.address().forbidden();
    if (forbidden.isPresent()) {
      throw new RobotSilentException(forbidden.get());
    }
  }
}
