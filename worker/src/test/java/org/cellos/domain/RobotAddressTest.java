package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RobotAddressTest {

  @Test
  void theUsualPortIsTheRobots() {
    assertThat(RobotAddress.of("http://192.168.1.20", false))
        .hasToString("http://192.168.1.20:31950");
    assertThat(RobotAddress.of("https://10.0.0.7:443/", false)).hasToString("https://10.0.0.7:443");
    assertThat(RobotAddress.of("http://ot2.lab.example", false))
        .hasToString("http://ot2.lab.example:31950");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ot2",
        "192.168.1.20:31950",
        "ftp://192.168.1.20",
        "file:///etc/passwd",
        "http://user:secret@192.168.1.20",
        "http://192.168.1.20/runs",
        "http://192.168.1.20?a=b",
        "http://192.168.1.20#x",
        "http:///runs",
        "http://a b"
      })
  void whatIsNoAddressOfARobotIsRefused(String text) {
    assertThatThrownBy(() -> RobotAddress.of(text, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no address of a robot: write http://HOST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254",
        "http://[fe80::1]",
        "http://224.0.0.1",
        "http://metadata.google.internal"
      })
  void whereCloudsKeepSecretsNothingIsSent(String text) {
    assertThatThrownBy(() -> RobotAddress.of(text, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("clouds keep secrets there");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:9", "http://localhost", "http://[::1]", "http://127.1.2.3"})
  void thisMachineIsARobotInDevelopmentOnly(String text) {
    assertThatThrownBy(() -> RobotAddress.of(text, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("which is this machine");
    assertThat(RobotAddress.of(text, true).forbidden()).isEmpty();
  }

  @Test
  void everyAddressOfThisMachineIsNone() {
    assertThatThrownBy(() -> RobotAddress.of("http://0.0.0.0", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("which is this machine");
  }

  @Test
  void aNameIsLookedAtBeforeEachUse() {
    assertThat(RobotAddress.of("http://no-such-robot.invalid", false).forbidden())
        .contains("the name no-such-robot.invalid leads nowhere");
  }
}
