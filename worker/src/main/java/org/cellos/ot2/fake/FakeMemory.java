package org.cellos.ot2.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.cellos.json.Json;

/** What a fake robot has on disk: protocols, runs with their actions, and its witness log. */
final class FakeMemory {
  private final Path state;
  private final Path witness;

  FakeMemory(Path folder) throws IOException {
    Files.createDirectories(folder);
    this.state = folder.resolve("robot.json");
    this.witness = folder.resolve("witness.jsonl");
  }

  /** Before it returns, the robot does nothing of what it has stored. */
  void store(Collection<FakeProtocol> protocols, Collection<FakeRun> runs) {
    ObjectNode all = Json.mapper().createObjectNode();
    ArrayNode storedProtocols = all.putArray("protocols");
    protocols.forEach(protocol -> storedProtocols.add(protocol.stored()));
    ArrayNode storedRuns = all.putArray("runs");
    runs.forEach(run -> storedRuns.add(run.stored()));
    try {
      Path fresh = state.resolveSibling("robot.json.new");
      write(fresh, all.toString(), StandardOpenOption.TRUNCATE_EXISTING);
      Files.move(fresh, state, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<FakeProtocol> protocols() throws IOException {
    return elements("protocols").stream().map(FakeProtocol::ofStored).toList();
  }

  /** As a robot finds them when it is switched on. */
  List<FakeRun> runs() throws IOException {
    return elements("runs").stream().map(FakeRun::ofStored).toList();
  }

  private List<JsonNode> elements(String field) throws IOException {
    if (!Files.exists(state)) {
      return List.of();
    }
    List<JsonNode> elements = new ArrayList<>();
    Json.mapper().readTree(Files.readAllBytes(state)).path(field).forEach(elements::add);
    return elements;
  }

  /** That a command was performed is on disk before anybody hears of it. */
  void witness(FakeRun run, String key, int index) {
    FakeCommand command = run.commands.get(index);
    ObjectNode line = Json.mapper().createObjectNode();
    line.put("at", Instant.now().toString()).put("run_id", run.id).put("key", key);
    line.put("command_index", index).put("command_type", command.type());
    if (command.volumeMicrolitres() != null) {
      line.put("volume_ul", command.volumeMicrolitres());
    }
    if (command.well() != null) {
      line.put("labware", command.labware()).put("well", command.well());
    }
    try {
      write(witness, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text, StandardOpenOption how) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  Path witness() {
    return witness;
  }
}
