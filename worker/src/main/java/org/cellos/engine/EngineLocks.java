package org.cellos.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the process with an in-memory engine, or one with a worker, still lives: it holds a
 * lock of the operating system on a file named after that, and loses it with its life. Thread-safe.
 */
public final class EngineLocks {
  /**
   * What this process holds. POSIX drops a lock when any channel of its process on the file is
   * closed, so a file that is held here must not even be looked at.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private static final String WORKER = "worker-";
  private static final int MOST_TRIES = 10;
  private static final String SUFFIX = ".lock";

  private final Path folder;

  /**
   * @param folder for the lock files; made when the first lock is taken
   */
  public EngineLocks(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * The locks of the processes that perform executions of a mirror.
   *
   * @param database the mirror's file
   */
  public static EngineLocks beside(Path database) {
    Path file = database.toAbsolutePath();
    try {
      // However a process names the file, the folder is the same.
      file = file.toRealPath();
    } catch (IOException e) {
      // It does not exist yet.
    }
    return new EngineLocks(file.resolveSibling(file.getFileName() + "-engines"));
  }

  /** A lock, until closed or until the process ends. */
  public static final class Held implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private Held(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    /** Gives the lock up; its file is not needed any more. */
    @Override
    public void close() {
      try {
        Files.deleteIfExists(file);
        channel.close();
      } catch (IOException e) {
        // It goes with the process at the latest.
      } finally {
        HELD_HERE.remove(file);
      }
    }
  }

  /**
   * Says that this process has the engine.
   *
   * @throws EngineUnavailableException if the file system cannot lock, or another process has it
   */
  public Held hold(String engineId) {
    return tryHold(engineId)
        .orElseThrow(
            () -> new EngineUnavailableException("Another process has the engine " + engineId));
  }

  /** Whether a living process has the engine. */
  public boolean isHeld(String engineId) {
    // One at a time: two channels of one process on a file disturb each other, see above.
    synchronized (HELD_HERE) {
      return isHeld(file(engineId));
    }
  }

  private static boolean isHeld(Path file) {
    if (HELD_HERE.contains(file)) {
      return true;
    }
    if (!Files.exists(file)) {
      return false;
    }
    // A shared lock: two that look at once must not take each other for the engine.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | OverlappingFileLockException e) {
      // Not known to be dead: nobody may take its executions over.
      return true;
    }
  }

  /** Whether any living process performs executions on an in-memory engine. */
  public boolean isAnyHeld() {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.lock")) {
      for (Path file : files) {
        synchronized (HELD_HERE) {
          if (isHeld(file)) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      // Not known to be dead.
      return true;
    }
  }

  /** Takes the lock, of an engine that is no more as well; empty while a process has it. */
  public Optional<Held> tryHold(String engineId) {
    synchronized (HELD_HERE) {
      return tryHold(file(engineId));
    }
  }

  /** Says that this process performs executions of an engine. */
  public Held holdWorker(String engineId) {
    for (Path left : workers(engineId)) {
      // Of a process that died; taking it and giving it up again removes the file.
      synchronized (HELD_HERE) {
        tryHold(left).ifPresent(Held::close);
      }
    }
    for (int tries = 1; ; tries++) {
      // A process that looks whether a new file is held may be faster than its owner.
      Optional<Held> held = tryHold(WORKER + engineId + "-" + UUID.randomUUID());
      if (held.isPresent()) {
        return held.get();
      }
      if (tries == MOST_TRIES) {
        throw new EngineUnavailableException(
            "No lock file can be taken in "
                + folder
                + ": check that its file system can lock files.");
      }
    }
  }

  /**
   * Whether a living process of this host performs executions of an engine.
   *
   * @param except this one does not count; null for none
   */
  public boolean hasWorker(String engineId, @Nullable Held except) {
    return workers(engineId).stream()
        .filter(file -> except == null || !file.equals(except.file))
        .anyMatch(
            file -> {
              synchronized (HELD_HERE) {
                return isHeld(file);
              }
            });
  }

  private List<Path> workers(String engineId) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    String prefix = WORKER + engineId + "-";
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private Optional<Held> tryHold(Path file) {
    if (!HELD_HERE.add(file)) {
      return Optional.empty();
    }
    boolean taken = false;
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      @Nullable FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      taken = true;
      return Optional.of(new Held(file, channel));
    } catch (IOException e) {
      throw new EngineUnavailableException(
          "The lock file "
              + file
              + " cannot be used: check the permissions of its folder, and that its file system can"
              + " lock files. ("
              + e.getMessage()
              + ")",
          e);
    } finally {
      if (!taken) {
        HELD_HERE.remove(file);
      }
    }
  }

  private Path file(String engineId) {
    return folder.resolve(engineId + SUFFIX);
  }
}
