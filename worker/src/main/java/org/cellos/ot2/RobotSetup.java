package org.cellos.ot2;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.RobotAddress;

/**
 * A robot as its administrator has written it down, and as it must be found.
 *
 * @param id for example {@code ot2-left}
 * @param address where it is
 * @param serial that it must have; empty where nobody has said
 * @param pipettes names by mount ({@code left}, {@code right})
 * @param modules models that must be connected
 */
public record RobotSetup(
    String id,
    RobotAddress address,
    Optional<String> serial,
    Map<String, String> pipettes,
    List<String> modules) {

  public RobotSetup {
    pipettes = Map.copyOf(pipettes);
    modules = List.copyOf(modules);
  }
}
