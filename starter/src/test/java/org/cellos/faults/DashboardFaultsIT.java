package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cellos.dashboard.Dashboard;
import org.cellos.dashboard.DashboardApplication;
import org.cellos.engine.EngineChoice;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.starter.JarProcess;
import org.cellos.worker.ExecutionDesk;
import org.cellos.worker.WorkflowExecutor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Rows 14 and 15: whoever looks, and however they end, what is performed does not notice. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class DashboardFaultsIT {
  private static final Pattern ADDRESS = Pattern.compile("Dashboard: (http://127.0.0.1:[0-9]+)");
  private static final String SETTINGS =
      """
      database: data/executions.db
      engine: in-memory
      server:
        applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
        adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
      logging: {level: WARN}
      """;

  /** SQLite copies its log into the file at 4 MB, if nobody reads meanwhile. */
  private static final long MOST_LOG_BYTES = 16L * 1024 * 1024;

  private static final int CLIENTS = 20;

  @TempDir private Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  @Tag(Row.SUITE_ONLY)
  @Test
  void killedDashboardsChangeNothing() throws Exception {
    int kills = Row.isWholeSuite() ? 100 : 5;
    new Row("14 dashboard killed " + kills + " times", folder)
        .once(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL).write("dashboard.yml", SETTINGS);
              AtomicBoolean isOver = new AtomicBoolean();
              ExecutorService performing = Executors.newSingleThreadExecutor();
              try {
                Future<Integer> performed =
                    performing.submit(
                        () -> {
                          int executions = 0;
                          while (!isOver.get()) {
                            executions++;
                            Bench.Result result = bench.here(Protocols.RUN + "x" + executions);
                            assertThat(result.exitCode()).as(result.err()).isZero();
                          }
                          return executions;
                        });
                for (int i = 0; i < kills; i++) {
                  killWhileItIsRead(bench);
                }
                isOver.set(true);
                int executions = performed.get();

                assertThat(bench.effects()).hasSize(executions * Protocols.EFFECTS_OF_SMALL);
              } finally {
                isOver.set(true);
                performing.shutdown();
              }
            });
  }

  private void killWhileItIsRead(Bench bench) throws Exception {
    try (JarProcess dashboard =
        bench.startMain(List.of(), DashboardApplication.class, "server dashboard.yml")) {
      Bench.until(() -> ADDRESS.matcher(dashboard.err()).find() || !dashboard.isAlive());
      Matcher said = ADDRESS.matcher(dashboard.err());
      assertThat(said.find()).as(dashboard.err()).isTrue();
      try (InputStream events = events(said.group(1))) {
        assertThat(events.read()).as("it streams").isPositive();
        assertThat(status(said.group(1) + "/active")).isIn(200, 503);
        dashboard.signal("KILL");
      }
      dashboard.awaitEnd();
    }
  }

  @Tag(Row.SUITE_ONLY)
  @Test
  void manyReadersDoNotLetTheLogGrow() throws Exception {
    Path database = folder.resolve("executions.db");
    Path log = folder.resolve("executions.db-wal");
    try (WorkflowExecutor executor = WorkflowExecutor.open(database, EngineChoice.inMemory());
        Dashboard dashboard =
            Dashboard.start(ExecutionDesk.beside(executor), database, Optional.empty(), 0)) {
      long grown = 0;
      List<InputStream> streams = new ArrayList<>();
      AtomicBoolean isOver = new AtomicBoolean();
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
      try {
        List<Future<?>> reading = new ArrayList<>();
        perform(executor);
        for (int i = 0; i < CLIENTS; i++) {
          streams.add(events(dashboard.url()));
          reading.add(clients.submit(() -> readUntil(isOver, dashboard.url())));
        }
        for (int i = 0; i < 60; i++) {
          perform(executor);
          grown = Math.max(grown, Files.size(log));
        }
        isOver.set(true);
        for (Future<?> one : reading) {
          one.get();
        }
      } finally {
        isOver.set(true);
        clients.shutdown();
        for (InputStream stream : streams) {
          stream.close();
        }
      }

      assertThat(grown).isPositive().isLessThan(MOST_LOG_BYTES);
      assertThat(logBesideAPinnedReader(executor, database, log))
          .as("what one reader would do that keeps its transaction")
          .isGreaterThan(MOST_LOG_BYTES);
    }
  }

  private static long logBesideAPinnedReader(WorkflowExecutor executor, Path database, Path log)
      throws Exception {
    try (Connection pinned = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = pinned.createStatement()) {
      statement.execute("BEGIN");
      statement.executeQuery("SELECT count(*) FROM executions").close();
      for (int i = 0; i < 200 && Files.size(log) <= MOST_LOG_BYTES; i++) {
        perform(executor);
      }
      return Files.size(log);
    }
  }

  private static void perform(WorkflowExecutor executor) {
    var passage =
        new ProtocolResolver(ProtocolData.load(Optional.empty()))
            .resolve("passage", "iPSC", "T75", org.cellos.domain.Profile.ORIGINAL);
    var created =
        executor.createExecutionFromProtocol(
            "passage", "iPSC", "flask_t75", "passage", passage.unitOps(), java.util.Map.of());
    executor.execute(created.executionId(), true);
  }

  private Void readUntil(AtomicBoolean isOver, String url) throws Exception {
    while (!isOver.get()) {
      assertThat(status(url + "/active")).isEqualTo(200);
      assertThat(status(url + "/executions")).isEqualTo(200);
    }
    return null;
  }

  private int status(String url) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private InputStream events(String url) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(url + "/api/events")).build(),
            HttpResponse.BodyHandlers.ofInputStream())
        .body();
  }
}
