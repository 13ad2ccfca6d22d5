package org.cellos.worker;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.cellos.domain.StepAction;

/** What a process leaves in the ledger that is killed between its intent and its outcome. */
public final class LostIntent {
  private LostIntent() {}

  public static void plant(Path database, String executionId, int stepIndex, StepAction action)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        PreparedStatement insert =
            connection.prepareStatement(
                """
                INSERT INTO effect_ledger
                  (execution_id, step_index, action, epoch, owner, worker, intent_at)
                VALUES (?, ?, ?, 1, 'lost', '17@bench', '2020-03-01T09:30:00.000000+00:00')""")) {
      insert.setString(1, executionId);
      insert.setInt(2, stepIndex);
      insert.setString(3, action.wireValue());
      insert.executeUpdate();
    }
  }
}
