package org.cellos.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Temporal server of one database file, which every process that uses it keeps alive. The first
 * starts it, the last stops it; one that was left behind by a crash is taken over, and one that
 * died is started again. Thread-safe.
 *
 * <p>Each process holds a shared lock of the operating system, so that a process that dies is not
 * counted. Starting and stopping happen under an exclusive lock.
 */
final class ManagedServer {
  private static final Logger log = LoggerFactory.getLogger(ManagedServer.class);

  static final int USUAL_PORT = 7233;
  static final int UI_OFFSET = 1000;
  private static final long MOST_LOG_BYTES = 5_000_000;

  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(25);
  private static final int LAST_LINES = 5;
  private static final int MOST_TRIES = 5;

  /** Where a server does not say that it listens, its answer must do. */
  private static final Duration BEGIN_PATIENCE = Duration.ofSeconds(20);

  /** With less, a server cannot be counted on to write. */
  private static final long ROOM_BYTES = 1_000_000;

  /** In what a server says once its ports are its own. */
  private static final String LISTENS = "Server: ";

  /** In its last words when another was faster. */
  private static final String PORT_TAKEN = "address already in use";

  /**
   * One a process and database: POSIX drops a lock when any channel of the process on its file is
   * closed.
   */
  @GuardedBy("ManagedServer.class")
  private static final Map<Path, ManagedServer> IN_USE_HERE = new HashMap<>();

  /**
   * Keeps the port for this database while its server is down for a moment: who connects again must
   * not find another's there.
   */
  private static final EngineLocks PORTS =
      new EngineLocks(
          Path.of(
              System.getProperty("java.io.tmpdir"),
              "cellos-ports-" + System.getProperty("user.name")));

  private final Path cli;
  private final Map<String, String> environment;
  private final Path database;
  private final Path folder;
  private final FileChannel users;
  private final Thread watch;
  private volatile ServerProcess server;
  private volatile boolean left;
  private boolean hasRoom = true;

  @GuardedBy("ManagedServer.class")
  private @Nullable FileLock membership;

  @GuardedBy("ManagedServer.class")
  private EngineLocks.@Nullable Held port;

  @GuardedBy("ManagedServer.class")
  private int uses = 1;

  private ManagedServer(
      Path cli,
      Map<String, String> environment,
      Path database,
      Path folder,
      FileChannel users,
      FileLock membership,
      ServerProcess server) {
    this.cli = cli;
    this.environment = environment;
    this.database = database;
    this.folder = folder;
    this.users = users;
    this.membership = membership;
    this.server = server;
    this.watch = new Thread(this::watch, "managed-server");
    watch.setDaemon(true);
  }

  /**
   * Joins the users of the database's server, which is started where none runs.
   *
   * @param cli the {@code temporal} command
   * @param database the server's own
   * @param port null for the usual one, or another where that is taken
   * @throws EngineUnavailableException if there can be none, saying why
   */
  static ManagedServer join(
      Path cli, Map<String, String> environment, Path database, @Nullable Integer port) {
    synchronized (ManagedServer.class) {
      Path file = canonical(database);
      ManagedServer known = IN_USE_HERE.get(file);
      if (known != null) {
        requirePort(file, known.server, port);
        known.uses++;
        return known;
      }
      ManagedServer joined = joinFirst(cli, environment, file, port);
      joined.keepPort();
      IN_USE_HERE.put(file, joined);
      joined.watch.start();
      return joined;
    }
  }

  /** One of the processes that use the server has the lock; another takes it when that ends. */
  @GuardedBy("ManagedServer.class")
  private void keepPort() {
    if (port == null) {
      try {
        port = PORTS.tryHold(String.valueOf(server.port())).orElse(null);
      } catch (EngineUnavailableException e) {
        log.debug("Port {} is not kept: {}", server.port(), e.toString());
      }
    }
  }

  /** The server of a database, where one runs. */
  static Optional<ServerProcess> running(Path database) {
    return ServerProcess.read(record(folder(canonical(database)))).filter(ServerProcess::isAlive);
  }

  @GuardedBy("ManagedServer.class")
  private static ManagedServer joinFirst(
      Path cli, Map<String, String> environment, Path file, @Nullable Integer port) {
    Path folder = folder(file);
    try {
      Files.createDirectories(folder);
      FileChannel users = open(folder.resolve("users.lock"));
      try (FileChannel gate = open(folder.resolve("gate.lock"));
          FileLock locked = lock(gate, file)) {
        boolean hasOthers = isUsed(users);
        FileLock membership = users.lock(0, Long.MAX_VALUE, true);
        Optional<ServerProcess> noted = ServerProcess.read(record(folder));
        Optional<ServerProcess> running =
            noted.filter(ServerProcess::isAlive).or(() -> found(file, folder));
        Optional<ServerProcess> known = running.or(() -> noted.filter(died -> hasOthers));
        known.ifPresent(server -> requirePort(file, server, port));
        ServerProcess server;
        if (running.isPresent()) {
          server = running.get();
        } else if (known.isPresent()) {
          server = startAgain(cli, environment, file, folder, known.get());
        } else {
          server = startFirst(cli, environment, file, folder, port);
        }
        log.debug("Uses {} under {}", server, locked);
        return new ManagedServer(cli, environment, file, folder, users, membership, server);
      } catch (IOException | RuntimeException e) {
        users.close();
        throw e;
      }
    } catch (IOException e) {
      throw new EngineUnavailableException(
          "The Temporal server for "
              + file
              + " cannot be started: "
              + e
              + ". Check the folder and the disk, or use --engine in-memory.",
          e);
    }
  }

  /** Whether a process has joined; only under the gate. */
  private static boolean isUsed(FileChannel users) throws IOException {
    try (FileLock alone = users.tryLock()) {
      return alone == null;
    }
  }

  /** One whose starter died before it could note it. Two must never use one database. */
  private static Optional<ServerProcess> found(Path file, Path folder) {
    Optional<ServerProcess> found = ServerProcess.find(file);
    found.ifPresent(
        server -> {
          try {
            server.write(record(folder));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return found;
  }

  /**
   * Two servers that are started at once may have chosen the same port: who comes too late ends,
   * and must not be mistaken for the other, which answers there.
   */
  private static ServerProcess startFirst(
      Path cli, Map<String, String> environment, Path file, Path folder, @Nullable Integer port)
      throws IOException {
    if (room(folder) < ROOM_BYTES) {
      throw new EngineUnavailableException(
          "The Temporal server for "
              + file
              + " cannot be started: its disk is full. Make room, or use --engine in-memory.");
    }
    limitLog(folder);
    for (int tries = 1; ; tries++) {
      long said = Files.exists(log(folder)) ? Files.size(log(folder)) : 0;
      Ports ports = Ports.choose(file, port);
      ServerProcess server = start(cli, environment, file, folder, ports);
      if (hasBegun(server, log(folder), said)
          || port != null
          || tries == MOST_TRIES
          || !saidSince(log(folder), said).contains(PORT_TAKEN)) {
        // If it has not, whoever waits for its answer says why.
        return server;
      }
      log.debug("{} has ended at once; another port is tried", server);
    }
  }

  /** Whoever uses the server knows it by its port. */
  private static ServerProcess startAgain(
      Path cli, Map<String, String> environment, Path file, Path folder, ServerProcess died)
      throws IOException {
    Ports ports = Ports.again(file, died);
    limitLog(folder);
    return start(cli, environment, file, folder, ports);
  }

  private static void limitLog(Path folder) throws IOException {
    Path log = log(folder);
    if (Files.exists(log) && Files.size(log) > MOST_LOG_BYTES) {
      Files.move(log, log.resolveSibling("temporal.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Waits until a server says that it listens, or has ended. */
  private static boolean hasBegun(ServerProcess server, Path log, long from) throws IOException {
    long deadline = System.nanoTime() + BEGIN_PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      if (!server.isAlive()) {
        return false;
      }
      if (saidSince(log, from).contains(LISTENS)) {
        return true;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EngineUnavailableException("Interrupted.", e);
      }
    }
    return server.isAlive();
  }

  private static String saidSince(Path log, long from) throws IOException {
    byte[] all = Files.readAllBytes(log);
    int skipped = (int) Math.min(from, all.length);
    return new String(all, skipped, all.length - skipped, StandardCharsets.UTF_8);
  }

  private static ServerProcess start(
      Path cli, Map<String, String> environment, Path file, Path folder, Ports ports)
      throws IOException {
    ServerProcess server =
        ServerProcess.start(cli, environment, file, log(folder), ports.service(), ports.webUi());
    server.write(record(folder));
    return server;
  }

  /** The service and the Web UI. */
  private record Ports(int service, int webUi) {
    static Ports choose(Path file, @Nullable Integer wanted) {
      int service = wanted == null ? USUAL_PORT : wanted;
      Ports usual = new Ports(service, service + UI_OFFSET);
      if (usual.areFree()) {
        return usual;
      }
      if (wanted != null && !isFree(service)) {
        throw new EngineUnavailableException(
            "Something else listens on port "
                + wanted
                + ", which the Temporal server for "
                + file
                + " should have. Give another --engine-port, or leave it out.");
      }
      try (ServerSocket first = bound(0);
          ServerSocket second = bound(0)) {
        // The usual Web UI of a port that is another's is left to it: its server may be down now.
        return new Ports(isFree(service) ? service : first.getLocalPort(), second.getLocalPort());
      } catch (IOException e) {
        throw noFreePort(e);
      }
    }

    /**
     * Those of a server that died.
     *
     * @throws EngineUnavailableException if another program has taken that of the service
     */
    static Ports again(Path file, ServerProcess died) {
      if (!isUnused(died.port())) {
        throw new EngineUnavailableException(
            "The Temporal server for "
                + file
                + " cannot be started again: its port "
                + died.port()
                + " has been taken by another program. End that, or stop all commands of this"
                + " history and start them again.");
      }
      try (ServerSocket other = bound(0)) {
        // Without its Web UI it would end at once.
        return new Ports(
            died.port(), isUnused(died.uiPort()) ? died.uiPort() : other.getLocalPort());
      } catch (IOException e) {
        throw noFreePort(e);
      }
    }

    private static EngineUnavailableException noFreePort(IOException cause) {
      return new EngineUnavailableException("There is no free port on this machine.", cause);
    }

    boolean areFree() {
      return isFree(service) && isFree(webUi);
    }

    private static boolean isFree(int port) {
      return !PORTS.isHeld(String.valueOf(port)) && isUnused(port);
    }

    private static boolean isUnused(int port) {
      try (ServerSocket socket = bound(port)) {
        return socket.isBound();
      } catch (IOException | IllegalArgumentException e) {
        return false;
      }
    }

    private static ServerSocket bound(int port) throws IOException {
      return new ServerSocket(port, 1, InMemoryServer.loopback());
    }
  }

  private static void requirePort(Path file, ServerProcess server, @Nullable Integer port) {
    if (port != null && port != server.port()) {
      throw new EngineUnavailableException(
          "The Temporal server for "
              + file
              + " runs on port "
              + server.port()
              + " already, not "
              + port
              + ". Leave --engine-port out, or stop the commands that use it first.");
    }
  }

  Path database() {
    return database;
  }

  ServerProcess server() {
    return server;
  }

  /** What it said last, for people who wonder why it does not answer. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log(folder));
      return lines.stream()
          .skip(Math.max(0, lines.size() - LAST_LINES))
          .distinct()
          .collect(Collectors.joining(" / "));
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  /** Whether other processes keep it alive; of those that are just leaving one may be counted. */
  boolean hasOtherUsers() {
    synchronized (ManagedServer.class) {
      if (membership == null) {
        return false;
      }
      try (FileChannel gate = open(folder.resolve("gate.lock"));
          FileLock locked = lock(gate, database)) {
        membership.release();
        try (FileLock alone = users.tryLock()) {
          log.debug("Alone: {}, under {}", alone, locked);
          return alone == null;
        } finally {
          membership = users.lock(0, Long.MAX_VALUE, true);
        }
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** Leaves; the last user stops the server. */
  void leave() {
    synchronized (ManagedServer.class) {
      if (--uses > 0) {
        return;
      }
      left = true;
      IN_USE_HERE.remove(database);
      watch.interrupt();
      try (FileChannel gate = open(folder.resolve("gate.lock"));
          FileLock locked = lock(gate, database)) {
        if (membership != null) {
          membership.release();
          membership = null;
        }
        FileLock alone = users.tryLock();
        if (alone != null) {
          log.debug("The last one stops {}, under {}", server, locked);
          ServerProcess.read(record(folder)).ifPresent(ServerProcess::stop);
          Files.deleteIfExists(record(folder));
        }
      } catch (IOException | RuntimeException e) {
        // It stays; the next command takes it over.
        log.warn("The Temporal server for {} was left running: {}", database, e.toString());
      } finally {
        if (port != null) {
          port.close();
        }
        close(users);
      }
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It goes with the process at the latest.
    }
  }

  /** A server that dies is started again, on its port, as long as somebody uses it. */
  private void watch() {
    Duration pause = LOOK_EVERY;
    while (!left) {
      try {
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        if (server.isAlive()) {
          pause = LOOK_EVERY;
          sayWhetherThereIsRoom();
          synchronized (ManagedServer.class) {
            if (!left) {
              keepPort();
            }
          }
        } else {
          pause = longer(pause);
          restart();
        }
      } catch (InterruptedException e) {
        return;
      } catch (EngineUnavailableException e) {
        log.warn("{}", e.getMessage());
      } catch (IOException | RuntimeException e) {
        log.warn(
            "The Temporal server for {} cannot be started again: {}", database, e.getMessage());
      }
    }
  }

  /** A server whose disk is full answers all the same, but nothing goes on. */
  private void sayWhetherThereIsRoom() {
    long room = room(folder);
    if (room >= ROOM_BYTES == hasRoom) {
      return;
    }
    hasRoom = !hasRoom;
    if (hasRoom) {
      log.warn("There is room again for {}; executions go on by themselves.", database);
    } else {
      log.warn(
          "The disk with the database of the Temporal server, {}, is full ({} kB left). Executions"
              + " wait until there is room; make some.",
          database,
          room / 1000);
    }
  }

  private static long room(Path folder) {
    return folder.toFile().getUsableSpace();
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private void restart() throws IOException {
    synchronized (ManagedServer.class) {
      if (left) {
        return;
      }
      try (FileChannel gate = open(folder.resolve("gate.lock"));
          FileLock locked = lock(gate, database)) {
        // Another process may have been faster.
        Optional<ServerProcess> running = running(database);
        if (running.isPresent()) {
          server = running.get();
        } else {
          log.warn("The Temporal server for {} has ended; it is started again", database);
          server = startAgain(cli, environment, database, folder, server);
          log.debug("Started {} under {}", server, locked);
        }
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static FileLock lock(FileChannel gate, Path database) throws IOException {
    long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        @Nullable FileLock lock = gate.tryLock();
        if (lock != null) {
          return lock;
        }
        TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
      } catch (OverlappingFileLockException e) {
        throw new IllegalStateException("locked by this process already", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EngineUnavailableException("Interrupted.", e);
      }
    }
    throw new EngineUnavailableException(
        "Another command has been starting or stopping the Temporal server for "
            + database
            + " for more than "
            + LOCK_PATIENCE.toSeconds()
            + " s. Look for a cellos process that hangs, and end it.");
  }

  private static Path folder(Path database) {
    return database.resolveSibling(database.getFileName() + "-server");
  }

  private static Path record(Path folder) {
    return folder.resolve("server.properties");
  }

  private static Path log(Path folder) {
    return folder.resolve("temporal.log");
  }

  /** However a process names the file, it is the same one. */
  static Path canonical(Path database) {
    Path file = database.toAbsolutePath().normalize();
    Path parent = file.getParent();
    if (parent == null) {
      throw new EngineUnavailableException(file + " is a folder. Name a file for the server.");
    }
    try {
      return Files.createDirectories(parent).toRealPath().resolve(file.getFileName());
    } catch (IOException e) {
      // Whoever uses it says what is wrong.
      return file;
    }
  }
}
