package org.cellos.planted.domain;

import io.temporal.client.WorkflowClient;
import java.sql.Connection;

/** Breaks the rules of a domain package on purpose: the rules are tested with it. */
public final class PlantedViolation {
  public String violate(WorkflowClient client, Connection connection) {
    return client + " " + connection;
  }
}
