package org.cellos.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cellos.dashboard.DashboardApplication;
import org.cellos.store.MirrorDatabase;

/** A dashboard in a process of its own, with a heap of 128 MB and a long history. */
final class DashboardBenchmarks {
  private static final String NO_ENGINE = "";
  private static final int EXECUTIONS = 100_000;
  private static final int STEPS_EACH = 10;
  private static final int MOST_MEGABYTES = 128;
  private static final int READS = 100;
  private static final int CLIENTS = 20;
  private static final int WRITES = 150;
  private static final String BIG = "two-hundred-steps";
  private static final Pattern ADDRESS = Pattern.compile("Dashboard: (http://127.0.0.1:[0-9]+)");

  private final ResultTable table;
  private final HttpClient client = HttpClient.newHttpClient();

  DashboardBenchmarks(ResultTable table) {
    this.table = table;
  }

  void run(Path folder) throws Exception {
    Path file = folder.resolve("executions.db");
    try (MirrorDatabase mirror = MirrorDatabase.open(file)) {
      MirrorBenchmarks.record(mirror, new Samples());
    }
    MirrorBenchmarks.multiply(file, EXECUTIONS, STEPS_EACH);
    addBigOne(file);
    Path settings = folder.resolve("dashboard.yml");
    Files.writeString(
        settings,
        """
        database: %s
        engine: in-memory
        server:
          applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
          adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
        logging: {level: WARN}
        """
            .formatted(file.toAbsolutePath()));
    Process dashboard =
        new ProcessBuilder(
                CommandBenchmarks.java(),
                "-Xmx" + MOST_MEGABYTES + "m",
                "-cp",
                System.getProperty("java.class.path"),
                DashboardApplication.class.getName(),
                "server",
                settings.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String url = address(dashboard);
      pages(url);
      size(url);
      changes(url, file);
      readers(url, file);
      // It has answered all of that with no more heap, or a page would have failed.
      table.megabytesBelow(
          "dashboard's heap, -Xmx128m, all of the above answered",
          NO_ENGINE,
          MOST_MEGABYTES,
          MOST_MEGABYTES);
    } finally {
      dashboard.destroy();
      dashboard.waitFor(30, TimeUnit.SECONDS);
      dashboard.destroyForcibly();
    }
  }

  private static String address(Process dashboard) throws IOException {
    BufferedReader said =
        new BufferedReader(
            new InputStreamReader(dashboard.getErrorStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        return address.group(1);
      }
    }
    throw new IllegalStateException("the dashboard did not start");
  }

  private void pages(String url) throws Exception {
    page("history page, 100,000 executions", url + "/executions", Duration.ofMillis(50));
    page(
        "history page, filtered by line and status",
        url + "/executions?cell_line=iPSC&status=completed&from=2026-01-01",
        Duration.ofMillis(50));
    page(
        "history page, completed or failed",
        url + "/executions?status=completed&status=failed",
        Duration.ofMillis(50));
    page("history page, longest first", url + "/executions?sort=longest", Duration.ofMillis(50));
    page(
        "history page, search with 100 hits",
        url + "/executions?q=batch+77+of",
        Duration.ofMillis(100));
    page(
        "history page, search with 10,000 hits",
        url + "/executions?q=lovelace-3",
        Duration.ofMillis(100));
    page("page of an execution of 200 steps", url + "/executions/" + BIG, Duration.ofMillis(50));
  }

  private void page(String what, String url, Duration most) throws Exception {
    Samples samples = new Samples();
    for (int i = -READS; i < READS; i++) {
      (i < 0 ? new Samples() : samples).time(() -> get(url));
    }
    table.p95Below(what, NO_ENGINE, most, samples);
  }

  private String get(String url) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(url + " answered " + answer.statusCode());
    }
    return answer.body();
  }

  /** The page and all that it loads, as it goes over the wire. */
  private void size(String url) throws Exception {
    String page = get(url + "/execute");
    long bytes = transferred(url + "/execute");
    Matcher asset = Pattern.compile("(?:href|src)=\"(/(?:assets|webjars)/[^\"]+)\"").matcher(page);
    while (asset.find()) {
      bytes += transferred(url + asset.group(1));
    }
    table.kilobytesBelow("first page with all that it loads", NO_ENGINE, 300, bytes / 1000);
  }

  private long transferred(String url) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(url)).header("Accept-Encoding", "gzip").build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .body()
        .length;
  }

  /** From a commit of another process until a browser has been told and has what it shows. */
  private void changes(String url, Path file) throws Exception {
    BlockingQueue<Long> told = new LinkedBlockingQueue<>();
    ExecutorService listening = Executors.newSingleThreadExecutor();
    try (MirrorDatabase mirror = MirrorDatabase.open(file)) {
      Future<?> stream =
          listening.submit(
              () -> {
                client
                    .send(
                        HttpRequest.newBuilder(URI.create(url + "/api/events")).build(),
                        HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.startsWith("data"))
                    .forEach(line -> told.add(System.nanoTime()));
                return null;
              });
      Samples samples = new Samples();
      for (int i = -5; i < 40; i++) {
        Thread.sleep(300);
        told.clear();
        Samples into = i < 0 ? new Samples() : samples;
        into.time(
            () -> {
              mirror.note(BIG, null, "bench", "a change");
              if (told.poll(10, TimeUnit.SECONDS) == null) {
                throw new IllegalStateException("nobody was told");
              }
              get(url + "/active");
            });
      }
      stream.cancel(true);
      table.p95Below("step change to browser", NO_ENGINE, Duration.ofMillis(300), samples);
    } finally {
      listening.shutdownNow();
    }
  }

  /** What reading does to whoever writes. */
  private void readers(String url, Path file) throws Exception {
    try (MirrorDatabase mirror = MirrorDatabase.open(file)) {
      write(mirror, new Samples());
      Samples alone = new Samples();
      write(mirror, alone);
      Samples beside = new Samples();
      AtomicBoolean isOver = new AtomicBoolean();
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
      try {
        List<Future<?>> reading = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          reading.add(
              clients.submit(
                  () -> {
                    while (!isOver.get()) {
                      get(url + "/active");
                      get(url + "/executions?limit=50");
                      Thread.sleep(100);
                    }
                    return null;
                  }));
        }
        write(mirror, beside);
        isOver.set(true);
        for (Future<?> one : reading) {
          one.get();
        }
      } finally {
        isOver.set(true);
        clients.shutdown();
      }
      table.p99Beside(
          "one transaction beside " + CLIENTS + " clients that read", NO_ENGINE, alone, beside);
    }
  }

  private static void write(MirrorDatabase mirror, Samples samples) throws Exception {
    for (int i = 0; i < WRITES / STEPS_EACH; i++) {
      MirrorBenchmarks.record(mirror, samples);
    }
  }

  private static void addBigOne(Path file) throws SQLException {
    String steps =
        java.util.stream.IntStream.range(0, 200)
            .mapToObj(
                index ->
                    "('big-"
                        + index
                        + "', '"
                        + BIG
                        + "', "
                        + index
                        + ", 'Dispense 1.0 mL medium', 'dispense', '{\"volume_ml\": 1.0}',"
                        + " 'completed', '2026-03-01T09:30:00.000000+00:00',"
                        + " '2026-03-01T09:30:01.000000+00:00', '{\"mode\": \"virtual\"}')")
            .collect(Collectors.joining(", "));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO executions (execution_id, workflow_name, status, created_at, metadata)"
              + " VALUES ('"
              + BIG
              + "', 'Two hundred', 'completed', '2026-03-01T09:30:00.000000+00:00', '{}')");
      statement.execute(
          "INSERT INTO execution_steps (step_id, execution_id, step_index, name, operation_type,"
              + " parameters, status, start_time, end_time, result) VALUES "
              + steps);
    }
  }
}
