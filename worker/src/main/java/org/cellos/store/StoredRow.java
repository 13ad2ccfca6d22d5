package org.cellos.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row as it is stored, by column.
 *
 * @param columns in their order; null where NULL is stored
 */
public record StoredRow(Map<String, @Nullable Object> columns) {
  public StoredRow {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  static StoredRow read(ResultSet row) throws SQLException {
    Map<String, @Nullable Object> columns = new LinkedHashMap<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      columns.put(row.getMetaData().getColumnName(i), row.getObject(i));
    }
    return new StoredRow(columns);
  }

  /** The value as text; null where NULL is stored. */
  public @Nullable String text(String column) {
    Object value = columns.get(column);
    return value == null ? null : String.valueOf(value);
  }

  public int number(String column) {
    return columns.get(column) instanceof Number number ? number.intValue() : 0;
  }

  public StoredRow with(String column, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(columns);
    changed.put(column, value);
    return new StoredRow(changed);
  }

  StoredRow without(String column) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(columns);
    changed.remove(column);
    return new StoredRow(changed);
  }

  /** This row, with some columns as another has them. */
  public StoredRow withThoseOf(StoredRow other, String... names) {
    StoredRow changed = this;
    for (String name : names) {
      changed = changed.with(name, other.columns.get(name));
    }
    return changed;
  }

  /** Whether both have the same text in these columns. */
  public boolean isSameIn(StoredRow other, String... names) {
    for (String name : names) {
      if (!java.util.Objects.equals(text(name), other.text(name))) {
        return false;
      }
    }
    return true;
  }
}
