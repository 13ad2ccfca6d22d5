package org.cellos.deck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
import org.cellos.domain.LeaseSpan;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For which steps an execution has a robot or equipment to itself. */
class LeaseSpanTest {
  private static final ProtocolResolver RESOLVER =
      new ProtocolResolver(ProtocolData.load(Optional.empty()));

  @TempDir private Path folder;

  private static List<LeaseSpan> spans(ResolvedProtocol protocol, Instruments instruments) {
    ExecutionInput input =
        ExecutionInputs.ofResolved("x", protocol, Parameters.none(), instruments, 1, null);
    return LeaseSpan.of(input);
  }

  @Test
  void aRobotFromSettingThePlateDownToTakingItAway() throws IOException {
    ResolvedProtocol feed = RESOLVER.resolve("feed", "iPSC", "plate_24well", Profile.ORIGINAL);
    ResolvedProtocol shared = RobotShare.of(feed, Decks.robot(folder, Decks.YAML)).protocol();

    List<LeaseSpan> spans = spans(shared, Instruments.HARDWARE);

    LeaseSpan robot =
        spans.stream().filter(span -> span.needs().contains("robot/ot2-a")).findFirst().get();
    assertThat(shared.steps().get(robot.firstStep()).path()).endsWith("-on");
    assertThat(shared.steps().get(robot.lastStep()).path()).endsWith("-off");
    assertThat(robot.needs()).containsExactly("robot/ot2-a");
  }

  @Test
  void nothingForVirtualInstruments() {
    ResolvedProtocol passage = RESOLVER.resolve("passage", "iPSC", "flask_t75", Profile.ORIGINAL);

    assertThat(spans(passage, Instruments.VIRTUAL)).isEmpty();
    assertThat(spans(passage, Instruments.MANUAL)).isNotEmpty();
  }

  @Test
  void whatIsNeededWhileAClockRunsIsThereBeforeItStarts() throws IOException {
    ResolvedProtocol own =
        RESOLVER.resolveFile(
            Files.writeString(
                folder.resolve("own.yaml"),
                """
                protocol: hurried
                vessel: T75
                starts_with_ml: 10
                steps:
                  - {operation: incubate, vessel: vessel, minutes: 5, temperature_c: 37}
                  - {operation: weigh, parameters: {}}
                  - {operation: dispense, reagent: dpbs, volume_ml: 1, to: vessel, mark: hurry}
                  - {operation: centrifuge, vessel: vessel, minutes: 5, g_force: 200}
                  - {operation: dispense, reagent: dpbs, volume_ml: 1, to: vessel, window: {since: hurry, at_most_minutes: 20}}
                  - {operation: incubate, vessel: vessel, minutes: 5, temperature_c: 37}
                """),
            Optional.empty(),
            Optional.empty());

    assertThat(spans(own, Instruments.MANUAL))
        .extracting(span -> span.firstStep() + "-" + span.lastStep() + " " + span.needs())
        .containsExactly("0-0 [incubator]", "2-3 [centrifuge]", "5-5 [incubator]");
  }
}
