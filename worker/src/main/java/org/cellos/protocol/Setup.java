package org.cellos.protocol;

import java.util.Optional;
import org.cellos.domain.Volume;
import org.jspecify.annotations.Nullable;

/**
 * What a protocol is resolved with.
 *
 * @param data all facts
 * @param template the protocol as written
 * @param line null where a user's own protocol names none
 * @param vessel null where a user's own protocol names none
 */
record Setup(
    ProtocolData data,
    ProtocolTemplate template,
    @Nullable CellLine line,
    @Nullable Vessel vessel) {

  /** The id of the culture vessel; empty text where there is none. */
  String vesselId() {
    return vessel == null ? "" : vessel.id();
  }

  Optional<Coating> coating() {
    return line == null ? Optional.empty() : data.coatingOf(line);
  }

  /** The culture vessel or a tube. */
  Optional<Container> container(String id) {
    return vessel != null && id.equals(vessel.id())
        ? Optional.of(vessel)
        : Optional.ofNullable(data.vessels().tubes().get(id));
  }

  Optional<Volume> safeFill(String id) {
    return container(id).map(Container::safeFill);
  }

  boolean isAboveSafeFill(String id, Volume volume) {
    return safeFill(id).filter(volume::isMoreThan).isPresent();
  }

  /** For people; the id of what is no container. */
  String nameOf(String id) {
    return container(id).map(Container::name).orElse(id);
  }
}
