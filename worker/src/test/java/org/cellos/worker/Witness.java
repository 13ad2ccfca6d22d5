package org.cellos.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cellos.instrument.WitnessLog;
import org.cellos.json.Json;

/** What the virtual instruments did, apart from everything that the program says of itself. */
record Witness(Path file) {
  WitnessLog log() {
    return WitnessLog.appendingTo(file);
  }

  /** Each effect as {@code step/epoch}, in the order in which they happened. */
  List<String> effects() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return Files.readAllLines(file).stream()
          .map(Json::readObject)
          .map(line -> line.get("step_index") + "/" + line.get("epoch"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
