package org.cellos.deck;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.cellos.protocol.RobotDeck;

/** Hands out tips of one pipette, rack after rack; a column at a time to one of eight channels. */
final class TipSupply {
  private final String mount;
  private final int channels;
  private final Deque<String> left = new ArrayDeque<>();
  private int taken;

  TipSupply(String mount, int channels, List<RobotDeck.Tips> racks) {
    this.mount = mount;
    this.channels = channels;
    for (RobotDeck.Tips rack : racks) {
      for (String well : rack.place().labware().wells()) {
        if (channels == 1 || well.startsWith("A")) {
          left.add("tips_" + rack.place().slot() + "[\"" + well + "\"]");
        }
      }
    }
  }

  /**
   * @param needed how many of these are needed in all, for the message
   */
  String next(int needed) {
    if (left.isEmpty()) {
      throw new DeckException(
          "The tips for the "
              + mount
              + " pipette are short: "
              + needed * channels
              + " are needed, and "
              + taken
              + " are on the deck. Add a rack to robots.yaml.");
    }
    taken += channels;
    return left.remove();
  }

  int taken() {
    return taken;
  }
}
