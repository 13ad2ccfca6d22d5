package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WellProgressTest {
  @Test
  void aWellIsDoneWhenItsLastMarkWasCome() {
    WellProgress progress =
        WellProgress.of(
            List.of(
                "step 1.1: Aspirate",
                WellProgress.begins("A1"),
                WellProgress.isDone("A1"),
                WellProgress.begins("B1"),
                "well Z9 begins",
                "well A1 begins to smell"));

    assertThat(progress.done()).containsExactly("A1");
    assertThat(progress.underWay()).containsExactly("B1");
    assertThat(progress.isEmpty()).isFalse();
    assertThat(WellProgress.of(List.of("hello")).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''            | A1 | no well is done, A1 was under way",
        "A1            | '' | A1 is done",
        "A1 B1 C1      | D1 | A1, B1 and C1 are done, D1 was under way",
        "A1 B1 C1 D1 A2 | '' | A1, B1, C1, D1 and A2 are done",
        "A1 B1 C1 D1 A2 B2 C2 D2 A3 B3 C3 D3 A4 | '' | 13 wells, A1 to A4 column by column, are done",
        "''            | A1 B1 | no well is done, A1 and B1 were under way"
      })
  void itIsSaidInWords(String done, String underWay, String words) {
    assertThat(new WellProgress(wells(done), wells(underWay)).inWords()).isEqualTo(words);
  }

  private static List<String> wells(String names) {
    return names.isEmpty() ? List.of() : List.of(names.split(" ", -1));
  }
}
