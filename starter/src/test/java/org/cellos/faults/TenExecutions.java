package org.cellos.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.engine.EngineChoice;
import org.cellos.instrument.WitnessLog;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.worker.WorkflowExecutor;

/** Begins ten executions in the history of its folder, and dies: others have to go on with them. */
final class TenExecutions {
  static final int COUNT = 10;

  private TenExecutions() {}

  /**
   * @param arguments what the ids begin with
   */
  public static void main(String[] arguments) {
    WitnessLog witness = WitnessLog.appendingTo(Path.of(System.getenv(Bench.WITNESS_VARIABLE)));
    try (WorkflowExecutor executor =
        WorkflowExecutor.open(Path.of("data/executions.db"), EngineChoice.inMemory(), witness)) {
      List<ResolvedProtocol> protocols = protocols();
      for (int i = 0; i < protocols.size(); i++) {
        executor.create(input(arguments[0] + i, protocols.get(i)));
      }
      Runtime.getRuntime().halt(ChaosObserver.KILLED);
    }
  }

  private static List<ResolvedProtocol> protocols() {
    ProtocolResolver resolver = new ProtocolResolver(ProtocolData.load(Optional.empty()));
    List<ResolvedProtocol> protocols = new ArrayList<>();
    for (String vessel : List.of("T75", "T25", "T175")) {
      for (String operation : List.of("thaw", "passage", "feed")) {
        String cellLine = vessel.equals("T25") ? "HEK293" : "iPSC";
        protocols.add(resolver.resolve(operation, cellLine, vessel, Profile.ORIGINAL));
      }
    }
    protocols.add(resolver.resolve("coat", "iPSC", "T75", Profile.ORIGINAL));
    protocols.set(
        COUNT - 2, resolver.resolveFile(Path.of("small.yaml"), Optional.empty(), Optional.empty()));
    return protocols;
  }

  private static ExecutionInput input(String id, ResolvedProtocol protocol) {
    return ExecutionInputs.ofResolved(
        id,
        protocol,
        Parameters.none(),
        Instruments.VIRTUAL,
        ExecutionInput.DEFAULT_SPEED_UP,
        new Begin(false));
  }
}
