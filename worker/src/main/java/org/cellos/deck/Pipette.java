package org.cellos.deck;

import java.util.Arrays;
import java.util.Optional;

/** The pipettes of an OT-2, with the volumes that their vendor states. */
enum Pipette {
  P20_SINGLE("p20_single_gen2", 1, 1, 20),
  P20_MULTI("p20_multi_gen2", 8, 1, 20),
  P300_SINGLE("p300_single_gen2", 1, 20, 300),
  P300_MULTI("p300_multi_gen2", 8, 20, 300),
  P1000_SINGLE("p1000_single_gen2", 1, 100, 1000);

  private final String name;
  private final int channels;
  private final double leastMicrolitres;
  private final double mostMicrolitres;

  Pipette(String name, int channels, double leastMicrolitres, double mostMicrolitres) {
    this.name = name;
    this.channels = channels;
    this.leastMicrolitres = leastMicrolitres;
    this.mostMicrolitres = mostMicrolitres;
  }

  static Optional<Pipette> find(String name) {
    return Arrays.stream(values()).filter(known -> known.name.equals(name)).findFirst();
  }

  String loadName() {
    return name;
  }

  int channels() {
    return channels;
  }

  double leastMicrolitres() {
    return leastMicrolitres;
  }

  double mostMicrolitres() {
    return mostMicrolitres;
  }
}
