package org.cellos.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.cellos.domain.AuditVerification;
import org.cellos.domain.AuditVerification.Break;
import org.cellos.domain.AuditVerification.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chain of an audit log from its first entry to its head. Reads only, in a transaction
 * of the caller; not thread-safe.
 */
final class AuditTrail {
  private final Sql sql;

  AuditTrail(Sql sql) {
    this.sql = sql;
  }

  private record Head(long entries, String hash) {}

  /** An entry with its place in the chain. */
  private record Link(AuditRow row, String previousHash, String hash) {
    static Link read(ResultSet row) throws SQLException {
      return new Link(AuditRow.read(row), row.getString("previous_hash"), row.getString("hash"));
    }

    boolean isAsWritten() {
      return row.hash(previousHash).equals(hash);
    }
  }

  /** How far the chain was followed. */
  private static final class Walk {
    private long entries;
    private long lastId;

    /** Of the newest entry before the first that is broken. */
    private String hash = AuditLog.BEGINNING;

    private long soundId;
    private @Nullable Link broken;

    void see(ResultSet row) throws SQLException {
      Link link = Link.read(row);
      entries++;
      lastId = link.row().auditId();
      if (broken != null) {
        return;
      }
      if (link.isAsWritten() && link.previousHash().equals(hash)) {
        hash = link.hash();
        soundId = lastId;
      } else {
        broken = link;
      }
    }
  }

  AuditVerification verify() throws SQLException {
    Optional<Head> head =
        sql.first(
            "SELECT entries, hash FROM audit_head",
            row -> new Head(row.getLong("entries"), row.getString("hash")));
    Walk walk = new Walk();
    sql.each("SELECT * FROM audit_log ORDER BY audit_id", walk::see);
    Optional<Break> found =
        walk.broken == null
            ? atTheEnd(walk, head)
            : Optional.of(inTheMiddle(walk, walk.broken, head));
    return new AuditVerification(
        walk.entries, head.map(Head::hash).orElse(null), found.orElse(null));
  }

  private Break inTheMiddle(Walk walk, Link broken, Optional<Head> head) throws SQLException {
    long id = broken.row().auditId();
    if (!broken.isAsWritten()) {
      // Something goes on from the one before it, and nothing from it: it was never written.
      boolean isInserted =
          isFollowed(walk.hash, id, head) && !isFollowed(broken.hash(), Long.MIN_VALUE, head);
      return isInserted
          ? notInTheChain(id)
          : new Break(id, Problem.CHANGED, "Entry " + id + " is not as it was written.");
    }
    Optional<Long> stranger = firstAfter(broken.previousHash(), id);
    if (stranger.isPresent()) {
      return notInTheChain(stranger.get());
    }
    return new Break(
        id,
        Problem.MISSING,
        "Entries before entry "
            + id
            + " are missing: it does not go on from "
            + (walk.soundId == 0 ? "the beginning." : "entry " + walk.soundId + "."));
  }

  private Optional<Break> atTheEnd(Walk walk, Optional<Head> known) throws SQLException {
    long last = walk.lastId;
    String after = last == 0 ? "the beginning" : "entry " + last;
    if (known.isEmpty()) {
      return Optional.of(
          new Break(
              last,
              Problem.CUT_OFF,
              "What was written last is gone from audit_head: whether entries after "
                  + after
                  + " are cut off cannot be told."));
    }
    Head head = known.get();
    if (head.hash().equals(walk.hash)) {
      return head.entries() == walk.entries
          ? Optional.empty()
          : Optional.of(
              new Break(
                  last,
                  Problem.CHANGED,
                  "The number of entries in audit_head is not as it was written: it is "
                      + head.entries()
                      + ", and there are "
                      + walk.entries
                      + "."));
    }
    Optional<Long> stranger = firstAfter(head.hash(), Long.MAX_VALUE);
    if (stranger.isPresent()) {
      return Optional.of(notInTheChain(stranger.get()));
    }
    return Optional.of(
        head.entries() > walk.entries
            ? new Break(
                last,
                Problem.CUT_OFF,
                "Entries after "
                    + after
                    + " are cut off: "
                    + head.entries()
                    + " were written, and there are "
                    + walk.entries
                    + ".")
            : new Break(
                last,
                Problem.CHANGED,
                "Entry " + last + " is not the one that was written last, by audit_head."));
  }

  private static Break notInTheChain(long id) {
    return new Break(
        id, Problem.INSERTED, "Entry " + id + " was inserted: the chain goes on without it.");
  }

  /** Whether an entry after {@code id}, or the head, goes on from an entry with this hash. */
  private boolean isFollowed(String hash, long id, Optional<Head> head) throws SQLException {
    return head.filter(newest -> newest.hash().equals(hash)).isPresent()
        || sql.number(
                """
                SELECT EXISTS (
                  SELECT * FROM audit_log WHERE previous_hash = ? AND audit_id > ?)""",
                hash,
                id)
            > 0;
  }

  /** The first entry after the one with this hash, if that one is before {@code id}. */
  private Optional<Long> firstAfter(String hash, long id) throws SQLException {
    boolean isBeginning = hash.equals(AuditLog.BEGINNING);
    Optional<Long> foundAt =
        isBeginning
            ? Optional.of(Long.MIN_VALUE)
            : sql.first(
                "SELECT audit_id FROM audit_log WHERE hash = ? AND audit_id < ?",
                row -> row.getLong(1),
                hash,
                id);
    return foundAt.isEmpty()
        ? Optional.empty()
        : sql.first(
            "SELECT audit_id FROM audit_log WHERE audit_id > ? ORDER BY audit_id LIMIT 1",
            row -> row.getLong(1),
            foundAt.get());
  }
}
