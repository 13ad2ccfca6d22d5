package org.cellos.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EngineLocksTest {
  @TempDir private Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatThisProcessHoldsIsHeldUntilItIsClosed() {
    EngineLocks locks = new EngineLocks(folder.resolve("locks"));
    assertThat(locks.isHeld("engine-1")).isFalse();

    try (EngineLocks.Held held = locks.hold("engine-1")) {
      assertThat(held).isNotNull();
      assertThat(locks.isHeld("engine-1")).isTrue();
      assertThat(locks.isHeld("engine-2")).isFalse();
      assertThat(locks.tryHold("engine-1")).isEmpty();
      assertThatThrownBy(() -> locks.hold("engine-1"))
          .isInstanceOf(EngineUnavailableException.class)
          .hasMessage("Another process has the engine engine-1");
    }

    assertThat(locks.isHeld("engine-1")).isFalse();
    locks.hold("engine-1").close();
  }

  @Test
  void theFileGoesWithTheLock() {
    EngineLocks locks = new EngineLocks(folder);
    Path file = folder.resolve("engine-1.lock");

    try (EngineLocks.Held held = locks.hold("engine-1")) {
      assertThat(held).isNotNull();
      assertThat(file).exists();
    }

    assertThat(file).doesNotExist();
  }

  @Test
  void twoOfOneProcessSeeTheSameLocks() {
    EngineLocks locks = new EngineLocks(folder);
    EngineLocks others = new EngineLocks(folder.resolve("..").resolve(folder.getFileName()));

    try (EngineLocks.Held held = locks.hold("engine-1")) {
      assertThat(held).isNotNull();
      assertThat(others.isHeld("engine-1")).isTrue();
      assertThat(others.tryHold("engine-1")).isEmpty();
    }
  }

  @Test
  void aLookDoesNotLoseWhatThisProcessHolds() throws Exception {
    EngineLocks locks = new EngineLocks(folder);
    try (EngineLocks.Held held = locks.hold("engine-1")) {
      assertThat(held).isNotNull();
      // POSIX would drop the lock if the look opened and closed the file.
      assertThat(locks.isHeld("engine-1")).isTrue();
      assertThat(locks.tryHold("engine-1")).isEmpty();

      Process other = start("engine-1");

      assertThat(other.waitFor()).isNotZero();
    }
  }

  @Test
  void anotherProcessHoldsItUntilItIsKilled() throws Exception {
    EngineLocks locks = new EngineLocks(folder);
    Process other = holding("engine-1");

    assertThat(locks.isHeld("engine-1")).isTrue();
    assertThat(locks.tryHold("engine-1")).isEmpty();
    // Neither the look nor the try has taken it from the other.
    assertThat(locks.isHeld("engine-1")).isTrue();

    other.destroyForcibly().waitFor();
    assertThat(folder.resolve("engine-1.lock")).exists();
    assertThat(locks.isHeld("engine-1")).isFalse();
    try (EngineLocks.Held held = locks.hold("engine-1")) {
      assertThat(held).isNotNull();
      assertThat(locks.isHeld("engine-1")).isTrue();
    }
  }

  @Test
  void thoseWhoLookAtOnceDoNotTakeEachOtherForTheEngine() throws Exception {
    EngineLocks locks = new EngineLocks(folder);
    Process other = holding("engine-1");
    other.destroyForcibly().waitFor();
    Path file = folder.resolve("engine-1.lock");
    assertThat(file).exists();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Boolean>> looks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        looks.add(threads.submit(() -> locks.isHeld("engine-1")));
      }
      for (Future<Boolean> look : looks) {
        assertThat(look.get()).isFalse();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aLookBesideATakerDoesNotLoseTheTakersLock() throws Exception {
    EngineLocks locks = new EngineLocks(folder);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 100; i++) {
        String engine = "engine-" + i;
        Files.createFile(folder.resolve(engine + ".lock"));
        Future<Boolean> look = threads.submit(() -> locks.isHeld(engine));
        try (EngineLocks.Held held = threads.submit(() -> locks.hold(engine)).get()) {
          assertThat(held).isNotNull();
          assertThat(look.get()).isIn(true, false);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void saysWhatToDoWhereTheFolderCannotBeMade() throws Exception {
    Path inTheWay = Files.writeString(folder.resolve("locks"), "a file");
    EngineLocks locks = new EngineLocks(inTheWay);

    assertThatThrownBy(() -> locks.hold("engine-1"))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("engine-1.lock cannot be used: check the permissions");
    // What failed is not held.
    assertThat(locks.isHeld("engine-1")).isFalse();
  }

  private Process holding(String engineId) throws Exception {
    Process process = start(engineId);
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    assertThat(output.readLine()).isEqualTo("holds " + engineId);
    return process;
  }

  private Process start(String engineId) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                folder.toString(),
                engineId)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    processes.add(process);
    return process;
  }
}
