package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.Lease;
import org.cellos.domain.LeaseRequest;
import org.cellos.domain.Priority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLeasesTest {
  private static final Instant NINE = Instant.parse("2026-03-01T09:00:00Z");
  private static final String ROBOT = "robot/ot2-a";
  private static final String CENTRIFUGE = "centrifuge";

  @TempDir private Path folder;
  private final TickingClock clock = new TickingClock("2026-03-01T09:00:00Z");
  private MirrorDatabase database;
  private Map<String, Integer> centrifuges = Map.of("centrifuge-1", 1);

  @BeforeEach
  void open() {
    database = MirrorDatabase.open(folder.resolve("executions.db"), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void execution(String... ids) {
    for (String id : ids) {
      database
          .recorder()
          .open(Samples.input(id, 1), "print", Samples.ENGINE, Samples.order("run-1", 0));
    }
  }

  private boolean ask(String id, int second, Priority priority, String... needs) {
    return ask(new LeaseRequest(id, List.of(needs), NINE.plusSeconds(second), priority, false));
  }

  private boolean ask(LeaseRequest request) {
    return database
        .leases()
        .ask(
            request,
            need ->
                need.equals(ROBOT)
                    ? Map.of("ot2-a", 1)
                    : need.equals(CENTRIFUGE) ? centrifuges : Map.of());
  }

  private boolean ask(String id, int second) {
    return ask(id, second, Priority.NORMAL, ROBOT);
  }

  private List<String> queue() {
    return database.queries().leases().stream()
        .filter(lease -> !lease.isGranted())
        .map(Lease::executionId)
        .toList();
  }

  @Test
  void twentyKeepTheirOrder() {
    List<String> ids = new ArrayList<>();
    execution("holder");
    assertThat(ask("holder", 0)).isTrue();
    for (int i = 1; i <= 20; i++) {
      // Their names say nothing of their order.
      String id = "x" + (i * 7 % 20);
      ids.add(id);
      execution(id);
      assertThat(ask(id, i)).as(id).isFalse();
    }
    assertThat(queue()).isEqualTo(ids);
    List<String> served = new ArrayList<>();
    String holder = "holder";
    for (int turn = 0; turn < 20; turn++) {
      database.leases().release(holder);
      // The last asks first.
      for (int i = 20; i >= 1; i--) {
        String id = ids.get(i - 1);
        if (!served.contains(id) && ask(id, i)) {
          served.add(id);
          holder = id;
        }
      }
    }
    assertThat(served).isEqualTo(ids);
  }

  @Test
  void whoHasItHasItHoweverOftenItAsks() {
    execution("a", "b");

    assertThat(ask("a", 0)).isTrue();
    assertThat(ask("a", 0)).isTrue();
    assertThat(ask("b", 0)).isFalse();
    assertThat(database.queries().leases().get(0).unit()).isEqualTo("ot2-a");
  }

  @Test
  void theUrgentGoFirstAndNobodyWaitsForEver() {
    execution("holder", "normal", "low", "urgent", "old");
    ask("holder", 0);
    ask("normal", 10);
    ask("low", 1, Priority.LOW, ROBOT);
    ask("urgent", 20, Priority.URGENT, ROBOT);
    ask("old", -86_400, Priority.NORMAL, ROBOT);

    assertThat(queue()).containsExactly("old", "urgent", "normal", "low");
  }

  @Test
  void whoeverEndsGivesBackHoweverThatHappened() {
    execution("terminated", "next", "ended");
    ask("terminated", 0);
    ask("ended", 1);
    assertThat(ask("next", 2)).isFalse();

    // Nothing was released by it: its workflow was terminated.
    database
        .recorder()
        .close("terminated", "run-1", ExecutionOutcome.failed("Terminated."), "reconciler");
    database
        .recorder()
        .close("ended", "run-1", ExecutionOutcome.cancelled("Cancelled."), "reconciler");

    assertThat(database.queries().leases()).extracting(Lease::executionId).containsExactly("next");
    assertThat(ask("next", 2)).isTrue();
  }

  @Test
  void whoIsPausedKeepsThePlaceAndLetsOthersPass() throws Exception {
    execution("holder", "paused", "next");
    ask("holder", 0);
    ask("paused", 1);
    ask("next", 2);
    Samples.sql(
        folder.resolve("executions.db"),
        "UPDATE executions SET status = 'paused' WHERE execution_id = 'paused'");
    database.leases().release("holder");

    assertThat(ask("next", 2)).isTrue();
    assertThat(queue()).containsExactly("paused");
  }

  @Test
  void whoIsNotHeardOfForAMinuteLetsOthersPass() {
    execution("holder", "dead", "next");
    ask("holder", 0);
    ask("dead", 1);
    ask("next", 2);
    database.leases().release("holder");

    assertThat(ask("next", 2)).isFalse();
    clock.set("2026-03-01T09:02:00Z");
    assertThat(ask("next", 2)).isTrue();
    // It is its turn again as soon as it comes back.
    execution("later");
    ask("later", 3);
    assertThat(ask("dead", 1)).isFalse();
    database.leases().release("next");
    assertThat(ask("later", 3)).isFalse();
    assertThat(ask("dead", 1)).isTrue();
  }

  @Test
  void allOfItOrNothing() {
    execution("spinning", "both", "robot");
    ask("spinning", 0, Priority.NORMAL, CENTRIFUGE);

    assertThat(ask("both", 1, Priority.NORMAL, CENTRIFUGE, ROBOT)).isFalse();
    // The robot is free, but it is not its turn.
    assertThat(ask("robot", 2)).isFalse();
    database.leases().release("spinning");
    assertThat(ask("both", 1, Priority.NORMAL, CENTRIFUGE, ROBOT)).isTrue();
    assertThat(ask("robot", 2)).isFalse();
  }

  @Test
  void ofSeveralTheOneWithMostRoom() {
    centrifuges = Map.of("big", 2, "small", 1);
    execution("a", "b", "c", "d");

    ask("a", 0, Priority.NORMAL, CENTRIFUGE);
    ask("b", 1, Priority.NORMAL, CENTRIFUGE);
    ask("c", 2, Priority.NORMAL, CENTRIFUGE);

    assertThat(database.queries().leases())
        .extracting(lease -> lease.executionId() + " " + lease.unit())
        .containsExactly("a big", "b big", "c small");
    assertThat(ask("d", 3, Priority.NORMAL, CENTRIFUGE)).isFalse();
    // One was taken out of the list: what is left is full.
    centrifuges = Map.of("big", 2);
    database.leases().release("c");
    assertThat(ask("d", 3, Priority.NORMAL, CENTRIFUGE)).isFalse();
  }

  @Test
  void whatNobodyWroteDownIsNotWaitedFor() {
    execution("a", "b");

    assertThat(ask("a", 0, Priority.NORMAL, "incubator")).isTrue();
    assertThat(ask("b", 0, Priority.NORMAL, "incubator")).isTrue();
    assertThat(database.queries().leases()).isEmpty();
  }

  @Test
  void whatIsInUseAlreadyIsNotWaitedFor() {
    execution("a", "b");
    ask("a", 0);

    assertThat(ask(new LeaseRequest("b", List.of(ROBOT), NINE, Priority.NORMAL, true))).isTrue();
  }
}
