package org.cellos.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EffectRules.Permission;
import org.cellos.domain.StepAction;

/** Claims effects as fast as it can; started by tests as a process of its own. */
final class ClaimingProcess {
  private ClaimingProcess() {}

  /**
   * Says which effects were granted, one line each.
   *
   * @param arguments file, execution, how many steps, name of the claimant
   */
  public static void main(String[] arguments) {
    try (MirrorDatabase database = MirrorDatabase.open(Path.of(arguments[0]))) {
      System.out.println("ready");
      claimAll(database.ledger(), arguments[1], Integer.parseInt(arguments[2]), arguments[3])
          .forEach(System.out::println);
    }
  }

  /** The steps for which this claimant got the permission. */
  static List<String> claimAll(EffectLedger ledger, String executionId, int steps, String name) {
    List<String> granted = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      Permission permission =
          ledger.claim(
              new EffectKey(executionId, step, 1, StepAction.PERFORM),
              EffectClass.ONCE,
              new Claimant(Samples.ENGINE.id(), name, name));
      if (permission instanceof Permission.Go) {
        granted.add(String.valueOf(step));
      }
    }
    return granted;
  }
}
