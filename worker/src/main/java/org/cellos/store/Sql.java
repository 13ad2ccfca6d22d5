package org.cellos.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements on one connection. Lent to a callback for one transaction or one read; not
 * thread-safe, and every statement is reset before its method returns (one under way would pin the
 * write-ahead log).
 */
final class Sql {
  private final Connection connection;
  private final KeptStatements statements;

  Sql(Connection connection) {
    this(connection, new KeptStatements());
  }

  /**
   * @param statements kept from one transaction to the next
   */
  Sql(Connection connection, KeptStatements statements) {
    this.connection = connection;
    this.statements = statements;
  }

  /** Makes a value of the current row. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** A statement without arguments: schema, pragmas, transactions. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * @return how many rows changed
   */
  int update(String sql, @Nullable Object... arguments) throws SQLException {
    return with(sql, PreparedStatement::executeUpdate, arguments);
  }

  <T> List<T> list(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
    return with(
        sql,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            List<T> values = new ArrayList<>();
            while (rows.next()) {
              values.add(row.read(rows));
            }
            return values;
          }
        },
        arguments);
  }

  /** Sees a row. */
  interface Look {
    void at(ResultSet row) throws SQLException;
  }

  /** Looks at one row after the other and keeps none. */
  void each(String sql, Look look, @Nullable Object... arguments) throws SQLException {
    with(
        sql,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              look.at(rows);
            }
            return true;
          }
        },
        arguments);
  }

  <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
    return list(sql, row, arguments).stream().findFirst();
  }

  /** The first column of the first row; empty if there is no row or it is NULL. */
  Optional<String> text(String sql, @Nullable Object... arguments) throws SQLException {
    return this.<Optional<String>>first(
            sql, row -> Optional.ofNullable(row.getString(1)), arguments)
        .flatMap(value -> value);
  }

  /** The number in the only row of a query that always has one. */
  long number(String sql, @Nullable Object... arguments) throws SQLException {
    return first(sql, row -> row.getLong(1), arguments).orElseThrow();
  }

  private interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  private <T> T with(String sql, Use<T> use, @Nullable Object... arguments) throws SQLException {
    PreparedStatement statement = statements.take(connection, sql);
    T answer;
    try {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      answer = use.of(statement);
    } catch (SQLException | RuntimeException | Error e) {
      statement.close();
      throw e;
    }
    statements.giveBack(sql, statement);
    return answer;
  }
}
