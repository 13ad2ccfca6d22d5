package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RobotsFileTest {
  @TempDir private Path folder;

  @Test
  void whatTheAdministratorHasWrittenIsRead() throws IOException {
    RobotsFile.Robot robot =
        read("""
                robots:
                  ot2-a:
                    address: http://192.168.1.20
                    serial: OT2CEP20200101A01
                    pipettes: {left: p300_multi_gen2, right: p1000_single_gen2}
                    modules: [temperatureModuleV2]
                """)
            .find("ot2-a")
            .orElseThrow();

    assertThat(robot.address()).hasToString("http://192.168.1.20:31950");
    assertThat(robot.serial()).contains("OT2CEP20200101A01");
    assertThat(robot.pipettes())
        .isEqualTo(Map.of("left", "p300_multi_gen2", "right", "p1000_single_gen2"));
    assertThat(robot.modules()).isEqualTo(List.of("temperatureModuleV2"));
  }

  @Test
  void withoutAFileThereAreNoRobots() {
    RobotsFile none = RobotsFile.read(folder.resolve("robots.yaml"));

    assertThat(none.robots()).isEmpty();
    assertThat(none.unknown("ot2-a")).contains("no robot 'ot2-a' is in").contains("write it there");
  }

  @Test
  void anUnknownRobotIsComparedWithTheKnownOnes() throws IOException {
    assertThat(read("robots: {ot2-left: {address: 'http://10.0.0.2'}}").unknown("ot2-lfet"))
        .contains("did you mean 'ot2-left'?");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    robots:
                      OT2 A:
                        address: http://169.254.169.254
                        pipettes: {left: p300_mutli_gen2, middle: p20_single_gen2}
                        modules: [temperatureModuleV9]
                        colour: red
                      ot2-b:
                        address: http://127.0.0.1:31950
                      ot2-c: {serial: X}
                    """))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("must be lower-case letters")
        .hasMessageContaining("clouds keep secrets there")
        .hasMessageContaining("did you mean 'p300_multi_gen2'?")
        .hasMessageContaining("robots.OT2 A.pipettes.middle: is not a known key")
        .hasMessageContaining("did you mean 'temperatureModuleV1'?")
        .hasMessageContaining("robots.OT2 A.colour: is not a known key")
        .hasMessageContaining("line 8")
        .hasMessageContaining("which is this machine")
        .hasMessageContaining("robots.ot2-c: needs the key 'address'");
  }

  @Test
  void aFakeRobotMayBeOnThisMachine() throws IOException {
    assertThat(
            read("development: true\nrobots: {fake: {address: 'http://127.0.0.1:5'}}").find("fake"))
        .isPresent();
  }

  private RobotsFile read(String text) throws IOException {
    return RobotsFile.read(Files.writeString(folder.resolve("robots.yaml"), text));
  }

  @Test
  void oneRobotHasOneName() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    robots:
                      ot2-a: {address: 'http://10.0.0.2'}
                      ot2-b: {address: 'http://10.0.0.2:31950'}
                    """))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("robots.ot2-b: has the address of ot2-a");
  }

  @Test
  void aReservoirsWellIsNamedOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    robots:
                      ot2-a:
                        address: http://10.0.0.2
                        deck:
                          reagents:
                            medium: {slot: 4, labware: nest_12_reservoir_15ml, wells: [A1, A1], volume_ml: 12}
                    """))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("is there already: name each well once");
  }
}
