package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.StepRecord;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Choosing, previewing and starting. */
class ExecutePageTest {
  private static final String CHOSEN = "?operation=feed&cell_line=iPSC&vessel=flask_t75";

  @TempDir private Path folder;

  private RunningDashboard dashboard;

  @BeforeEach
  void open() {
    dashboard = RunningDashboard.in(folder);
  }

  @AfterEach
  void close() {
    dashboard.close();
  }

  private static Map<String, String> form(String... fields) {
    Map<String, String> form =
        new HashMap<>(
            Map.of(
                "operation", "feed",
                "cell_line", "iPSC",
                "vessel", "flask_t75",
                "instruments", "virtual",
                "dry_run", "yes",
                "execution_id", "mine"));
    for (int i = 0; i < fields.length; i += 2) {
      form.put(fields[i], fields[i + 1]);
    }
    form.values().removeIf(String::isEmpty);
    return form;
  }

  private HttpResponse<String> start(Map<String, String> form) throws Exception {
    return dashboard.postForm("/execute", form, "HX-Request", "true");
  }

  @Test
  void thePreviewIsWhatWillBePerformed() throws Exception {
    ResolvedProtocol resolved =
        new ProtocolResolver(ProtocolData.load(Optional.empty()))
            .resolve("feed", "iPSC", "flask_t75", Profile.ORIGINAL);

    String page = dashboard.get("/execute" + CHOSEN).body();

    resolved.steps().forEach(step -> assertThat(page).contains(step.name()));
    assertThat(page)
        .contains(resolved.materialCostUsd().toString())
        .contains("id=\"dry_run\" checked")
        .as("what the flask holds, emptied and filled again")
        .contains(">flask_t75 0.0\u00a0mL<", ">flask_t75 15.0\u00a0mL<");
  }

  @Test
  void whatDoesNotGoTogetherIsGreyAndSaysWhy() throws Exception {
    String page = dashboard.get("/execute?operation=coat&cell_line=HeLa").body();

    assertThat(page).contains("HeLa grows on bare plastic and needs no coating.");
    assertThat(page.replaceAll("\\s+", " "))
        .containsPattern("<option value=\"[A-Za-z0-9_]+\" disabled title=\"");
  }

  @Test
  void aDryRunIsStartedOnceAndItsResultIsShownInPlace() throws Exception {
    assertThat(start(form("meta_researcher", "ada", "meta", "donor=17")).statusCode())
        .isEqualTo(200);
    start(form("meta_researcher", "ada", "meta", "donor=17"));
    dashboard.executor().await("mine");

    assertThat(dashboard.executor().listExecutions()).hasSize(1);
    assertThat(dashboard.executor().listExecutions().get(0).metadata().values())
        .isEqualTo(Map.of("researcher", "ada", "donor", "17"));
    assertThat(dashboard.get("/execute/result/mine").body())
        .contains("completed")
        .contains("DRY RUN")
        .doesNotContain("hx-get");
  }

  @Test
  void whatIsNotSimulatedNeedsASecondYes() throws Exception {
    Map<String, String> manual = form("dry_run", "", "instruments", "manual");

    HttpResponse<String> refused = start(manual);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("Say so a second time");
    assertThat(dashboard.executor().listExecutions()).isEmpty();

    manual.put("confirmed", "yes");
    assertThat(start(manual).statusCode()).isEqualTo(200);
  }

  @Test
  void aProtocolOfOnesOwnIsPreviewedAndItsMistakesAreNamed() throws Exception {
    String good =
        """
        protocol: half
        cell_line: iPSC
        vessel: T75
        starts_with_ml: 15.0
        steps:
          - {operation: aspirate, volume_ml: 7.5, from: vessel, to: waste}
        """;
    Map<String, String> own =
        form("operation", "", "cell_line", "", "vessel", "", "protocol", good);

    assertThat(dashboard.postForm("/execute/preview", own).body())
        .contains("Aspirate 7.5 mL from T75 Flask")
        .contains("protocol: half");
    own.put("protocol", good.replace("volume_ml", "volume_l"));
    assertThat(dashboard.postForm("/execute/preview", own).body())
        .contains("volume_l")
        .contains("id=\"refusal\"");
    own.put("protocol", good);
    assertThat(start(own).statusCode()).isEqualTo(200);
    assertThat(dashboard.executor().await("mine").workflowName()).startsWith("half");
  }

  @Test
  void badInputIsRefusedWithTheField() throws Exception {
    assertThat(start(form("speed_up", "fast")).body()).contains("speed_up must be a number");
    assertThat(start(form("meta", "nonsense")).body()).contains("is no KEY=VALUE");
    assertThat(start(form("cell_line", "iPSCC")).statusCode()).isEqualTo(400);
    assertThat(start(form("execution_id", "<b>")).statusCode()).isEqualTo(400);
    assertThat(dashboard.executor().listExecutions()).isEmpty();
  }

  private void writeRobots(String... ids) throws IOException {
    StringBuilder text = new StringBuilder("development: true\nrobots:\n");
    for (int i = 0; i < ids.length; i++) {
      text.append(
          """
            %s:
              address: http://127.0.0.1:%d
              pipettes: {right: p1000_single_gen2}
              deck:
                tips: [{slot: 9, labware: opentrons_96_tiprack_1000ul, for: right}]
                plates: {plate_24well: {slot: 2, labware: corning_24_wellplate_3.4ml_flat}}
                reagents:
                  mtesr_plus_kit: {slot: 4, labware: nest_12_reservoir_15ml, wells: [A1, A2], volume_ml: 14}
                waste: {slot: 5, labware: nest_1_reservoir_195ml, volume_ml: 150}
          """
              .formatted(ids[i], i + 1));
    }
    Files.writeString(folder.resolve("robots.yaml"), text);
  }

  @Test
  void onHardwareTheRobotsShareIsPreviewedAndStartedAfterASecondYes() throws Exception {
    writeRobots("ot2-a");
    Map<String, String> hardware =
        form("vessel", "plate_24well", "dry_run", "", "instruments", "hardware");

    assertThat(dashboard.postForm("/execute/preview", hardware).body())
        .contains("<strong>By the robot:</strong> ot2-a: Aspirate")
        .contains("0.104 mL stay")
        .contains("Take the lid off plate_24well and set it on slot 2 of ot2-a");
    HttpResponse<String> refused = start(hardware);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("Say so a second time");
    assertThat(dashboard.executor().listExecutions()).isEmpty();

    hardware.put("confirmed", "yes");
    hardware.put("priority", "urgent");
    hardware.put("seen", "something else");
    assertThat(start(hardware).body()).contains("is not what the preview shows any more");
    assertThat(dashboard.executor().listExecutions()).isEmpty();
    String seen =
        dashboard
            .postForm("/execute/preview", hardware)
            .body()
            .replaceAll("(?s).*name=\"seen\" value=\"([0-9a-f]+)\".*", "$1");
    hardware.put("seen", seen);
    assertThat(start(hardware).statusCode()).isEqualTo(200);
    assertThat(dashboard.executor().queries().steps("mine"))
        .extracting(StepRecord::operationType)
        .containsExactly("carry", "robot_protocol", "carry");
    assertThat(dashboard.executor().listExecutions().get(0).metadata().values())
        .isEqualTo(Map.of("priority", "urgent"));
    await().until(() -> dashboard.get("/execute/result/mine").body().contains("Take the lid off"));
  }

  @Test
  void ofSeveralRobotsOneIsChosenOrAPersonDoesIt() throws Exception {
    writeRobots("ot2-a", "ot2-b");
    Map<String, String> hardware =
        form("vessel", "plate_24well", "instruments", "hardware", "execution_id", "");

    assertThat(dashboard.postForm("/execute/preview", hardware).body())
        .contains("id=\"refusal\"")
        .contains("(ot2-a, ot2-b): name one of them. Choose a robot, or none")
        .contains("<option>ot2-b</option>");
    hardware.put("robot", "ot2-b");
    assertThat(dashboard.postForm("/execute/preview", hardware).body())
        .contains("By the robot:</strong> ot2-b: Aspirate")
        .contains("<option selected>ot2-b</option>");
    hardware.put("robot", "none");
    assertThat(dashboard.postForm("/execute/preview", hardware).body())
        .doesNotContain("By the robot")
        .contains("Aspirate 24.0 mL");
    Files.writeString(folder.resolve("robots.yaml"), "robots: {ot2-a: {adress: x}}");
    hardware.put("robot", "");
    assertThat(dashboard.postForm("/execute/preview", hardware).body())
        .contains("id=\"refusal\"")
        .contains("adress");
    assertThat(dashboard.get("/execute" + CHOSEN).body())
        .as("who wants no hardware is not kept")
        .doesNotContain("id=\"refusal\"");
  }

  @Test
  void whatWouldLoseCellsIsDoneOnHardwareOnlyForAReasonThatIsKept() throws Exception {
    Map<String, String> passage =
        form("operation", "passage", "dry_run", "", "instruments", "hardware", "confirmed", "yes");

    HttpResponse<String> refused = start(passage);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("it would lose cells").contains("say with an override");
    passage.put("override", "only water");

    assertThat(start(passage).statusCode()).isEqualTo(200);
    assertThat(dashboard.executor().listExecutions().get(0).metadata().values())
        .isEqualTo(Map.of("override", "only water"));
  }

  @Test
  void theInspectorShowsProfileStepsAndCosts() throws Exception {
    String page = dashboard.get("/cell-lines/ipsc" + "?operation=feed&vessel=flask_t75").body();

    assertThat(page)
        .contains("Detach reagent")
        .contains("vitronectin")
        .contains("Dispense 15.0 mL mtesr_plus_kit into T75 Flask")
        .contains("mTeSR Plus Kit")
        .contains("data-dollars=\"")
        .contains("Execute now");
    HttpResponse<String> unknown = dashboard.get("/cell-lines/iPCS");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("iPSC");
  }
}
