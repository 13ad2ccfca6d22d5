package org.cellos.ot2.fake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cellos.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * One command of a protocol.
 *
 * @param type as robots call it, such as {@code aspirate}
 * @param volumeMicrolitres null where it moves no liquid
 * @param well null where it is nowhere
 * @param labware the variable of the protocol that names the labware; null where there is none
 * @param message of a comment; null of others
 */
record FakeCommand(
    String type,
    @Nullable Double volumeMicrolitres,
    @Nullable String well,
    @Nullable String labware,
    @Nullable String message) {

  ObjectNode view(String id, String status) {
    ObjectNode view = Json.mapper().createObjectNode();
    view.put("id", id).put("commandType", type).put("status", status);
    ObjectNode parameters = view.putObject("params");
    if (volumeMicrolitres != null) {
      parameters.put("volume", volumeMicrolitres);
    }
    if (well != null) {
      parameters.put("wellName", well);
    }
    if (labware != null) {
      parameters.put("labwareId", labware);
    }
    if (message != null) {
      parameters.put("message", message);
    }
    return view;
  }
}
