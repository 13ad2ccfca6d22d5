package org.cellos.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Statements of one connection that wait, reset, to be used again: parsing them is a good part of a
 * small transaction. They end with their connection. Not thread-safe.
 */
final class KeptStatements {
  /** More than the program has for writing; searches make some of their own. */
  private static final int MOST = 100;

  /** Least recently used first. */
  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

  private @Nullable Connection owner;

  /** A statement that nobody else has, even where a row's reader asks for the same. */
  PreparedStatement take(Connection connection, String sql) throws SQLException {
    if (connection != owner) {
      // The former connection has closed its statements.
      idle.clear();
      owner = connection;
    }
    PreparedStatement statement = idle.remove(sql);
    return statement == null ? connection.prepareStatement(sql) : statement;
  }

  /** Takes a statement back that has done its work. */
  void giveBack(String sql, PreparedStatement statement) throws SQLException {
    statement.clearParameters();
    PreparedStatement twin = idle.put(sql, statement);
    if (twin != null) {
      twin.close();
    }
    if (idle.size() > MOST) {
      Iterator<PreparedStatement> oldest = idle.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
  }
}
