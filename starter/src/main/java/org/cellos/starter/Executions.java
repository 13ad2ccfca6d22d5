package org.cellos.starter;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cellos.domain.ExecutionRecord;
import org.cellos.store.ExecutionQueries;
import org.cellos.store.MirrorDatabase;

/** Finds the execution that a person means. */
final class Executions {
  private static final int SHORTEST_PREFIX = 4;
  private static final int MOST_CANDIDATES = 5;

  private Executions() {}

  /** Opens the history for reading; it must exist. */
  static MirrorDatabase openHistory(Terminal terminal, DatabaseOptions database) {
    return MirrorDatabase.openReadOnly(database.existingFile(terminal));
  }

  static ExecutionRecord find(Terminal terminal, DatabaseOptions database, String idOrPrefix) {
    try (MirrorDatabase history = openHistory(terminal, database)) {
      return find(history.queries(), idOrPrefix);
    }
  }

  /** By the whole id, or by a beginning of at least four characters that only one has. */
  static ExecutionRecord find(ExecutionQueries queries, String idOrPrefix) {
    Optional<ExecutionRecord> exact = queries.find(idOrPrefix);
    if (exact.isPresent()) {
      return exact.get();
    }
    List<ExecutionRecord> candidates =
        idOrPrefix.length() < SHORTEST_PREFIX
            ? List.of()
            : queries.findByIdPrefix(idOrPrefix, MOST_CANDIDATES);
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    throw new CommandException(
        ExitCode.NOT_FOUND,
        idOrPrefix.length() < SHORTEST_PREFIX
            ? "There is no execution '"
                + idOrPrefix
                + "'. Give the whole id, or at least its first "
                + SHORTEST_PREFIX
                + " characters; 'cellos list' shows them."
            : candidates.isEmpty()
                ? "There is no execution '" + idOrPrefix + "'. 'cellos list' shows those there are."
                : "'"
                    + idOrPrefix
                    + "' is the beginning of several executions: "
                    + candidates.stream()
                        .map(ExecutionRecord::executionId)
                        .collect(Collectors.joining(", "))
                    + ".");
  }
}
