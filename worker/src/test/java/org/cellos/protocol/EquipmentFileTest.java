package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EquipmentFileTest {
  @TempDir private Path folder;

  private EquipmentFile read(String text) throws IOException {
    return EquipmentFile.read(Files.writeString(folder.resolve("equipment.yaml"), text));
  }

  @Test
  void placesByKind() throws IOException {
    EquipmentFile file =
        read(
            """
            equipment:
              centrifuge-1: {kind: centrifuge, places: 4}
              incubator-a: {kind: incubator, places: 40}
              incubator-b: {kind: incubator, places: 20}
            """);

    assertThat(file.placesFor("incubator")).isEqualTo(Map.of("incubator-a", 40, "incubator-b", 20));
    assertThat(file.placesFor("centrifuge")).isEqualTo(Map.of("centrifuge-1", 4));
    assertThat(file.placesFor("robot/ot2-a")).isEqualTo(Map.of("ot2-a", 1));
  }

  @Test
  void withoutAFileThereIsNothingToWaitFor() {
    assertThat(EquipmentFile.read(folder.resolve("none.yaml")).placesFor("centrifuge")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "equipment: {c: {kind: centrifug, places: 1}}       | centrifuge",
        "equipment: {c: {kind: centrifuge, places: 0}}      | places",
        "equipment: {c: {kind: centrifuge}}                 | places",
        "equipment: {C 1: {kind: centrifuge, places: 1}}    | lower-case",
        "equipment: {c: {kind: centrifuge, place: 1}}       | place",
        "equipmen: {}                                       | equipment",
      })
  void mistakesAreNamed(String text, String named) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(named);
  }
}
