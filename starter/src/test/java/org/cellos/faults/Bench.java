package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.cellos.starter.JarProcess;
import org.cellos.starter.TestTerminal;

/**
 * A folder with a history, a witness, and processes of the real program with the means of chaos
 * beside it on the class path. Closing it ends the processes.
 */
final class Bench implements AutoCloseable {
  static final String WITNESS_VARIABLE = "CELLOS_WITNESS_LOG";
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Nearly all of a short process is starting it. */
  static final List<String> QUICK =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

  private static final Path TEST_CLASSES = Path.of("target", "test-classes").toAbsolutePath();
  private static final String MAIN = "org.cellos.starter.Main";

  private final Path folder;
  private final Path outputs;
  private final long seed;
  private final BenchEngine engine;
  private final Random random;
  private final List<JarProcess> processes = new CopyOnWriteArrayList<>();
  private volatile boolean scansSlowly;

  Bench(Path folder, long seed) throws IOException {
    this(folder, seed, BenchEngine.IN_MEMORY);
  }

  Bench(Path folder, long seed, BenchEngine engine) throws IOException {
    this.engine = engine;
    this.folder = Files.createDirectories(folder.resolve("bench"));
    this.outputs = Files.createDirectories(folder.resolve("outputs"));
    this.seed = seed;
    // The first draws of Random hardly differ between neighbouring seeds, so these are mixed first.
    this.random = new Random(new SplittableRandom(seed).nextLong());
  }

  long seed() {
    return seed;
  }

  BenchEngine engine() {
    return engine;
  }

  Random random() {
    return random;
  }

  Bench write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
    scansSlowly |= text.contains(SlowHandler.OPERATION);
    return this;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  HistoryFile history() {
    return new HistoryFile(database());
  }

  /** The Temporal server of this bench, where it has one. */
  BenchServer server() {
    return new BenchServer(folder.resolve("data/temporal.db"));
  }

  Path database() {
    return folder.resolve("data/executions.db");
  }

  /**
   * @param properties of the Java process, such as {@code cellos.chaos.killAt=after-send}
   */
  JarProcess start(List<String> properties, String command) throws IOException {
    List<String> java = new ArrayList<>(QUICK);
    java.addAll(QuickStart.options());
    properties.forEach(property -> java.add("-D" + property));
    java.addAll(List.of("-cp", JarProcess.JAR + ":" + TEST_CLASSES, MAIN));
    return startJava(java, command);
  }

  JarProcess start(String command) throws IOException {
    return start(List.of(), command);
  }

  /**
   * @param environment of the process, beside what every one gets
   */
  JarProcess start(Map<String, String> environment, String command) throws IOException {
    List<String> java = new ArrayList<>(QUICK);
    java.addAll(List.of("-cp", JarProcess.JAR + ":" + TEST_CLASSES, MAIN));
    return startJava(environment, java, command);
  }

  /** A main class of the tests. */
  JarProcess startMain(List<String> options, Class<?> main, String arguments) throws IOException {
    List<String> java = new ArrayList<>(QUICK);
    java.addAll(options);
    java.addAll(QuickStart.options());
    java.addAll(List.of("-cp", JarProcess.JAR + ":" + TEST_CLASSES, main.getName()));
    return startJava(java, arguments);
  }

  /** The program as it is released, without anything of the tests. */
  JarProcess startReleased(List<String> properties, String command) throws IOException {
    List<String> java = new ArrayList<>(QUICK);
    java.addAll(QuickStart.options());
    properties.forEach(property -> java.add("-D" + property));
    java.addAll(List.of("-jar", JarProcess.JAR.toString()));
    return startJava(java, command);
  }

  private JarProcess startJava(List<String> java, String command) throws IOException {
    return startJava(Map.of(), java, command);
  }

  private JarProcess startJava(Map<String, String> environment, List<String> java, String command)
      throws IOException {
    Map<String, String> all = new HashMap<>(engine.environment());
    all.put(WITNESS_VARIABLE, witness().toString());
    all.putAll(environment);
    JarProcess process = JarProcess.start(folder, outputs, all, java, command);
    processes.add(process);
    return process;
  }

  /** What a command has left. */
  record Result(int exitCode, String out, String err) {}

  /** Waits for a command in a process of its own. */
  Result process(String command) throws IOException, InterruptedException {
    return result(start(command));
  }

  static Result result(JarProcess process) throws IOException, InterruptedException {
    return new Result(process.exitCode(), process.out(), process.err());
  }

  /**
   * A command as people give it: for every fourth seed in a process of its own, otherwise inside
   * this one, which has started long ago but has not the environment in which {@link SlowHandler}
   * looks for the witness.
   */
  Result cellos(String command) throws IOException, InterruptedException {
    return seed % 4 == 0 || scansSlowly ? process(command) : here(command);
  }

  /** A command inside this process; it never dies. */
  Result here(String command) {
    TestTerminal terminal = TestTerminal.in(folder).with(WITNESS_VARIABLE, witness());
    for (Map.Entry<String, String> variable : engine.environment().entrySet()) {
      terminal = terminal.with(variable.getKey(), variable.getValue());
    }
    TestTerminal.Result result = terminal.cellos(command);
    return new Result(result.exitCode(), result.out(), result.err());
  }

  JsonNode show(String executionId) throws IOException {
    return json("show " + executionId + " -o json");
  }

  JsonNode json(String command) throws IOException {
    Result result = here(command);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return TestTerminal.ONE_DOCUMENT.readTree(result.out());
  }

  /** What the instruments did, in order. */
  List<Effect> effects() throws IOException {
    List<Effect> effects = new ArrayList<>();
    if (Files.exists(witness())) {
      for (String line : Files.readAllLines(witness())) {
        effects.add(Effect.of(TestTerminal.ONE_DOCUMENT.readTree(line)));
      }
    }
    return effects;
  }

  /** When they did it, as the clock of their process said. */
  List<Instant> effectTimes() throws IOException {
    List<Instant> times = new ArrayList<>();
    for (String line : Files.readAllLines(witness())) {
      times.add(Instant.parse(TestTerminal.ONE_DOCUMENT.readTree(line).path("at").asText()));
    }
    return times;
  }

  String witnessText() throws IOException {
    return Files.exists(witness()) ? Files.readString(witness()) : "";
  }

  /** Waits for something that must come. */
  static void until(Callable<Boolean> condition) {
    // Engines that end inside this process throw in threads of their own, which is not the point.
    await().dontCatchUncaughtExceptions().atMost(PATIENCE).until(condition);
  }

  /** Waits for something that must come within a time that a row states. */
  static void until(Duration limit, Callable<Boolean> condition) {
    await().dontCatchUncaughtExceptions().atMost(limit).until(condition);
  }

  /**
   * Starts an execution of {@link Protocols#SMALL} and waits until it is in the incubator, where it
   * is for 1800 s through the speed-up.
   *
   * @return the process that performs it
   */
  JarProcess startAndRest(String executionId, int speedUp) throws IOException {
    write("small.yaml", Protocols.SMALL);
    JarProcess run =
        start("run --protocol small.yaml --execute --speed-up " + speedUp + " --id " + executionId);
    untilResting(executionId);
    return run;
  }

  /** Waits until an execution of {@link Protocols#SMALL} is in the incubator. */
  void untilResting(String executionId) {
    until(
        () ->
            history().ledger().stream()
                .anyMatch(
                    row ->
                        row.executionId().equals(executionId)
                            && row.action().equals("start")
                            && row.completed()));
  }

  /** Answers whatever is asked until the execution has ended. */
  void answerUntilEnded(String executionId) {
    until(
        () -> {
          HistoryFile history = history();
          if (history.status(executionId).equals("paused")) {
            GoingOn.answerWhatIsOpen(this, executionId);
          }
          return history.status(executionId).matches("completed|failed|cancelled");
        });
  }

  /** A worker that performs what there is from now on. */
  JarProcess worker(List<String> properties, String options) throws IOException {
    JarProcess worker = start(properties, ("worker " + options).strip());
    until(() -> worker.err().contains("Working on") || !worker.isAlive());
    assertThat(worker.isAlive()).as(worker.err()).isTrue();
    return worker;
  }

  JarProcess worker() throws IOException {
    return worker(List.of(), "");
  }

  /**
   * Lets a process stand still as a whole, but not within a transaction: one that keeps the file
   * locked meanwhile would let nobody else work, which is another row's matter.
   */
  void freeze(JarProcess process) throws Exception {
    if (!Files.exists(database())) {
      // On a busy machine it has not come so far.
      standStill(process);
    } else {
      history().betweenTransactions(() -> standStill(process));
    }
  }

  private static void standStill(JarProcess process) throws IOException, InterruptedException {
    process.signal("STOP");
    until(process::standsStill);
  }

  /** Asks a worker to stop, which it must do in order once it has come to its work. */
  static void stop(JarProcess worker) throws IOException, InterruptedException {
    until(() -> worker.err().contains("Working on") || !worker.isAlive());
    worker.signal("TERM");
    assertThat(worker.exitCode()).as(worker.err()).isZero();
  }

  static void succeed(Result result) {
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  /** What all processes have said, for a failure's message. */
  String said() throws IOException {
    StringBuilder said = new StringBuilder();
    try (Stream<Path> files = Files.list(outputs)) {
      for (Path file :
          files.filter(path -> path.getFileName().toString().startsWith("err")).sorted().toList()) {
        said.append(Files.readString(file));
      }
    }
    return said.toString();
  }

  Path witness() {
    return outputs.resolve("witness.jsonl");
  }

  /** Ends all processes, and then their server: nobody is left to start it again. */
  void end(BenchServer server) {
    processes.forEach(JarProcess::close);
    processes.forEach(JarProcess::awaitEnd);
    server.kill();
  }

  @Override
  public void close() {
    end(server());
  }
}
