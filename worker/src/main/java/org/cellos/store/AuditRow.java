package org.cellos.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of the audit log says, as it is stored; its hash is made of this.
 *
 * @param auditId its place; rises, but not always by one
 * @param at when
 * @param executionId of what; empty for the mirror as a whole
 * @param stepIndex of which step; null for the execution as a whole
 * @param who a person or a part of this program
 * @param what was done
 * @param reason why; null where nobody said
 * @param requestId tells a repeated request from a new one; null where nobody repeats it
 */
record AuditRow(
    long auditId,
    String at,
    String executionId,
    @Nullable String stepIndex,
    String who,
    String what,
    @Nullable String reason,
    @Nullable String requestId) {
  static final String COLUMNS =
      "audit_id, at, execution_id, step_index, who, what, reason, request_id";

  /** Numbers as text: whatever somebody has stored there, it is not to be mistaken for a zero. */
  static AuditRow read(ResultSet row) throws SQLException {
    return new AuditRow(
        row.getLong("audit_id"),
        row.getString("at"),
        row.getString("execution_id"),
        row.getString("step_index"),
        row.getString("who"),
        row.getString("what"),
        row.getString("reason"),
        row.getString("request_id"));
  }

  /**
   * The hash of this entry where it follows one with {@code previousHash}; {@link AuditLog} says
   * how it is made.
   */
  String hash(String previousHash) {
    List<@Nullable String> values =
        Arrays.asList(
            previousHash,
            String.valueOf(auditId),
            at,
            executionId,
            stepIndex,
            who,
            what,
            reason,
            requestId);
    MessageDigest sha256 = sha256();
    values.forEach(value -> add(sha256, value));
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static void add(MessageDigest digest, @Nullable String value) {
    if (value == null) {
      digest.update((byte) '-');
      return;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
