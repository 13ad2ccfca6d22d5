package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.protocol.HandlersFile.Handler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandlersFileTest {
  private static final Path EXAMPLE = Path.of("examples/imaging/handlers.yaml");

  @TempDir private Path folder;

  private HandlersFile read(String text) throws IOException {
    return HandlersFile.read(Files.writeString(folder.resolve("handlers.yaml"), text));
  }

  @Test
  void theExampleIsRead() {
    Handler image = HandlersFile.read(EXAMPLE).handlers().get("image");

    assertThat(image.taskQueue()).isEqualTo("imaging");
    assertThat(image.activity()).isEqualTo("image");
    assertThat(image.effect()).isEqualTo(EffectClass.IDEMPOTENT);
    assertThat(image.timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(image.heartbeat()).contains(Duration.ofSeconds(20));
    assertThat(image.attempts()).isEqualTo(3);
  }

  @Test
  void withoutMoreItIsDoneOnce() throws IOException {
    Handler shake =
        read("handlers: {shake: {task_queue: shaker, timeout_minutes: 1}}").handlers().get("shake");

    assertThat(shake.effect()).isEqualTo(EffectClass.ONCE);
    assertThat(shake.attempts()).isEqualTo(1);
    assertThat(shake.heartbeat()).isEmpty();
    assertThat(HandlersFile.read(folder.resolve("none.yaml")).handlers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{shake: {task_queue: q, timeout_minutes: 1, attempts: 2}} | would do it again",
        "{shake: {timeout_minutes: 1}}                             | needs the key 'task_queue'",
        "{shake: {task_queue: q}}                               | needs the key 'timeout_minutes'",
        "{shake: {task_queue: q, timeout_minutes: 1, effect: twice}}  | 'twice' is not known",
        "{shake: {task_queue: q, timeout_minutes: 1, effect: reattachable}} | is not known",
        "{Shake It: {task_queue: q, timeout_minutes: 1}}           | lower-case letters",
        "{shake: {task_queue: q, timeout_minutes: 1, timeout: 3}}  | is not a known key",
        "{shake: {task_queue: q, timeout_minutes: 1, parameters: {rpm: speed}}} | is not known"
      })
  void whatIsWrongIsSaid(String handlers, String message) {
    assertThatThrownBy(() -> read("handlers: " + handlers))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(message);
  }

  @Test
  void parametersAreVerifiedBeforeAnythingMoves() throws IOException {
    Handler shake =
        read("handlers: {shake: {task_queue: q, timeout_minutes: 1, parameters: {rpm: number,"
                + " hot: {type: flag, optional: true}, note: {type: text, optional: true}}}}")
            .handlers()
            .get("shake");

    shake.verify(Parameters.of(Map.of("rpm", 300, "hot", true, "note", "x", "other", 1)));
    assertThatThrownBy(() -> shake.verify(Parameters.none()))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("rpm is missing");
    assertThatThrownBy(() -> shake.verify(Parameters.of(Map.of("rpm", "fast"))))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("rpm must be a number");
    assertThatThrownBy(() -> shake.verify(Parameters.of(Map.of("rpm", 1, "hot", 1))))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("hot must be true or false");
    assertThatThrownBy(() -> shake.verify(Parameters.of(Map.of("rpm", 1, "note", 1))))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("note must be text");
  }
}
