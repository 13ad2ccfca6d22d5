package org.cellos.ot2.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.cellos.json.Json;
import org.cellos.ot2.fake.Reply.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a fake robot holds, and how it acts on requests. Every method is one step for all others;
 * thread-safe.
 */
final class FakeMachine {
  private static final int MOST_UNUSED_PROTOCOLS = 5;
  private static final int MOST_RUNS = 20;

  private final FakeRobotOptions options;
  private final FakeFaults faults;
  private final FakeMemory memory;
  private final Map<String, FakeProtocol> protocols = new LinkedHashMap<>();
  private final Map<String, FakeRun> runs = new LinkedHashMap<>();
  private @Nullable FakeRun current;
  private boolean isDoorOpen;

  /** Raised when the power fails: what was performed before is not gone on with. */
  private int powerOns;

  FakeMachine(FakeRobotOptions options, FakeFaults faults) throws IOException {
    this.options = options;
    this.faults = faults;
    this.memory = new FakeMemory(options.folder());
    memory.protocols().forEach(protocol -> protocols.put(protocol.id(), protocol));
    memory.runs().forEach(run -> runs.put(run.id, run));
  }

  FakeMemory memory() {
    return memory;
  }

  synchronized void losePower() {
    powerOns++;
    current = null;
    isDoorOpen = false;
    runs.values().forEach(FakeRun::losePower);
    notifyAll();
  }

  synchronized Reply bring(String fileName, String key, String source, JsonNode parameters) {
    for (FakeProtocol known : protocols.values()) {
      if (known.isSame(fileName, source)) {
        return Reply.of(200, known.view(isAnalysed()));
      }
    }
    FakeProtocol fresh =
        new FakeProtocol(UUID.randomUUID().toString(), fileName, key, source, parameters);
    protocols.put(fresh.id(), fresh);
    List<String> unused =
        protocols.keySet().stream()
            .filter(id -> runs.values().stream().noneMatch(run -> run.protocolId.equals(id)))
            .toList();
    unused.stream()
        .limit(Math.max(0, unused.size() - MOST_UNUSED_PROTOCOLS))
        .forEach(protocols::remove);
    store();
    return Reply.of(201, fresh.view(isAnalysed()));
  }

  private boolean isAnalysed() {
    return !faults.isAnalysisEndless();
  }

  synchronized Reply protocols() {
    ArrayNode views = Json.mapper().createArrayNode();
    protocols.values().forEach(protocol -> views.add(protocol.view(isAnalysed())));
    return Reply.of(200, views);
  }

  synchronized Reply protocol(String id) throws Refusal {
    FakeProtocol protocol = requireProtocol(id);
    ObjectNode links = Json.mapper().createObjectNode();
    ArrayNode referencing = links.putArray("referencingRuns");
    for (FakeRun run : runs.values()) {
      if (run.protocolId.equals(id)) {
        referencing.addObject().put("id", run.id).put("href", "/runs/" + run.id);
      }
    }
    return Reply.of(200, protocol.view(isAnalysed()), links);
  }

  synchronized Reply analysis(String protocolId) throws Refusal {
    return Reply.of(200, requireProtocol(protocolId).analysisView(isAnalysed()));
  }

  private FakeProtocol requireProtocol(String id) throws Refusal {
    FakeProtocol protocol = protocols.get(id);
    if (protocol == null) {
      throw new Refusal(404, "ProtocolNotFound", "Protocol " + id + " was not found.");
    }
    return protocol;
  }

  synchronized Reply load(String protocolId, JsonNode parameters) throws Refusal {
    FakeProtocol protocol = requireProtocol(protocolId);
    if (current != null && current.isActive()) {
      throw new Refusal(
          409, "RunAlreadyActive", "Run " + current.id + " is still active. Stop it first.");
    }
    if (current != null && !current.hasEnded()) {
      current.status = "stopped";
    }
    FakeRun fresh =
        new FakeRun(
            UUID.randomUUID().toString(), protocolId, parameters, protocol.analysis().commands());
    runs.put(fresh.id, fresh);
    if (runs.size() > MOST_RUNS) {
      runs.remove(runs.keySet().iterator().next());
    }
    current = fresh;
    store();
    if (!FakeAnalysis.wrongParameters(protocol.source(), parameters).isEmpty()) {
      // As a real one does: the run that it could not make stays in the way.
      throw new Refusal(500, "UnexpectedError", "A run-time parameter is not defined.");
    }
    return Reply.of(201, fresh.view(true));
  }

  synchronized Reply runs() {
    ArrayNode views = Json.mapper().createArrayNode();
    runs.values().forEach(run -> views.add(view(run)));
    ObjectNode links = Json.mapper().createObjectNode();
    if (current != null) {
      links.putObject("current").put("href", "/runs/" + current.id);
    }
    return Reply.of(200, views, links);
  }

  synchronized Reply run(String id) throws Refusal {
    return Reply.of(200, view(requireRun(id)));
  }

  private ObjectNode view(FakeRun run) {
    return run.view(run == current);
  }

  private FakeRun requireRun(String id) throws Refusal {
    FakeRun run = runs.get(id);
    if (run == null) {
      throw new Refusal(404, "RunNotFound", "Run " + id + " was not found.");
    }
    return run;
  }

  synchronized Reply commands(String id, int cursor, int pageLength) throws Refusal {
    List<ObjectNode> all = requireRun(id).commandViews();
    ArrayNode views = Json.mapper().createArrayNode();
    all.stream().skip(cursor).limit(pageLength).forEach(views::add);
    return Reply.of(200, views);
  }

  synchronized Reply forget(String id) throws Refusal {
    FakeRun run = requireRun(id);
    if (run.isActive()) {
      throw new Refusal(409, "RunNotIdle", "Run " + id + " is active.");
    }
    runs.remove(id);
    current = run == current ? null : current;
    store();
    return Reply.of(200, Json.mapper().createObjectNode());
  }

  synchronized Reply act(String id, String action) throws Refusal {
    FakeRun run = requireRun(id);
    if (!List.of("play", "pause", "stop", "resume-from-recovery").contains(action)) {
      throw new Refusal(422, "InvalidRequest", "/data/actionType is not one of the known ones.");
    }
    if (run.hasEnded() && !action.equals("stop")) {
      throw new Refusal(409, "RunActionNotAllowed", "The run has ended (" + run.status + ").");
    }
    if (run != current && !action.equals("stop")) {
      throw new Refusal(409, "RunStopped", "Run " + id + " is not the current run.");
    }
    run.act(action);
    store();
    if (run == current && !run.hasEnded()) {
      switch (action) {
        case "play" -> play(run);
        case "pause" -> pause(run);
        case "stop" -> stop(run);
        default -> {}
      }
    }
    ObjectNode view = Json.mapper().createObjectNode();
    return Reply.of(
        201, view.put("id", id + "-" + (run.actions.size() - 1)).put("actionType", action));
  }

  private void play(FakeRun run) {
    if (faults.cutsPowerAfterPlay()) {
      losePower();
    } else if (isDoorOpen) {
      run.status = "blocked-by-open-door";
    } else if (run.status.equals("paused")) {
      run.status = "running";
      notifyAll();
    } else if (run.status.equals("idle")) {
      run.status = "running";
      new Thread(() -> perform(run), "fake-robot").start();
    }
  }

  private void pause(FakeRun run) {
    if (run.status.equals("running")) {
      run.status = "paused";
    }
  }

  private void stop(FakeRun run) {
    if (run.status.equals("idle")) {
      run.status = "stopped";
    } else {
      run.status = "stop-requested";
      notifyAll();
    }
  }

  /** As somebody does who stands before the robot. */
  synchronized void pressButton() {
    if (current != null && current.status.equals("paused")) {
      current.act("play");
      play(current);
    } else if (current != null) {
      pause(current);
    }
  }

  synchronized void openDoor(boolean open) {
    isDoorOpen = open;
    if (current != null && current.isActive() && !current.status.equals("stop-requested")) {
      current.status = open ? "blocked-by-open-door" : "paused";
    }
  }

  private void perform(FakeRun run) {
    int poweredOn = powerOns();
    FakeProtocol protocol = protocols.get(run.protocolId);
    String missing = protocol == null ? "" : missingPipette(protocol.analysis());
    String key = protocol == null ? "" : protocol.key();
    while (mayGoOn(run, poweredOn)) {
      if (!missing.isEmpty()) {
        fail(run, missing);
        return;
      }
      pause();
      if (!commandDone(run, key, poweredOn)) {
        return;
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(options.perCommand().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized int powerOns() {
    return powerOns;
  }

  /** Waits while the run is held; ends it when it is stopped or nothing is left of it. */
  private synchronized boolean mayGoOn(FakeRun run, int poweredOn) {
    while (true) {
      if (poweredOn != powerOns || run.hasEnded()) {
        return false;
      }
      if (run.status.equals("stop-requested") && !faults.isStopNeverConfirmed()) {
        run.status = "stopped";
        store();
        return false;
      }
      if (run.status.equals("running")) {
        if (run.done == run.commands.size()) {
          run.status = "succeeded";
          store();
          return false;
        }
        run.isPerforming = true;
        return true;
      }
      try {
        wait(20);
      } catch (InterruptedException e) {
        return false;
      }
    }
  }

  private synchronized boolean commandDone(FakeRun run, String key, int poweredOn) {
    if (poweredOn != powerOns) {
      return false;
    }
    memory.witness(run, key, run.done);
    run.done++;
    run.isPerforming = false;
    if (faults.cutsPowerAt(run.done)) {
      losePower();
      return false;
    }
    return true;
  }

  private synchronized void fail(FakeRun run, String why) {
    run.error = why;
    run.status = "failed";
    store();
  }

  private String missingPipette(FakeAnalysis analysis) {
    for (Map.Entry<String, String> wanted : analysis.pipettes().entrySet()) {
      String mounted = Optional.ofNullable(options.pipettes().get(wanted.getKey())).orElse("none");
      if (!mounted.equals(wanted.getValue())) {
        return "Cannot load " + wanted.getValue() + " on " + wanted.getKey() + ": " + mounted;
      }
    }
    return "";
  }

  private void store() {
    memory.store(new ArrayList<>(protocols.values()), new ArrayList<>(runs.values()));
  }
}
