package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.cellos.starter.JarProcess;

/** How an execution goes on after its process has died: by a command or by a worker. */
final class GoingOn {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int REFUSED = 2;
  static final int CANCELLED = 4;
  static final int ASKS = 6;

  /** Nobody answered in time. */
  static final int TIMED_OUT = 124;

  private GoingOn() {}

  /** What has to be true while a question is open. */
  interface Check {
    void of(JsonNode question) throws Exception;
  }

  /** Lets it go on until it asks, answers, and waits for its end. */
  static SeededPerson.Said askedAndAnswered(Bench bench, String id, Check check) throws Exception {
    return bench.seed() % 4 == 1 ? withWorker(bench, id, check) : withCommands(bench, id, check);
  }

  private static SeededPerson.Said withCommands(Bench bench, String id, Check check)
      throws Exception {
    String execute = "execute " + id + " --execute";
    assertThat(bench.cellos(execute).exitCode()).isEqualTo(ASKS);
    check.of(SeededPerson.openQuestion(bench.show(id)));
    if (bench.random().nextBoolean()) {
      // To ask once more is no answer.
      assertThat(bench.cellos(execute).exitCode()).isEqualTo(ASKS);
      check.of(SeededPerson.openQuestion(bench.show(id)));
    }
    return answer(bench, id);
  }

  private static SeededPerson.Said withWorker(Bench bench, String id, Check check)
      throws Exception {
    JarProcess worker = bench.start("worker");
    Bench.until(() -> bench.history().status(id).equals("paused"));
    check.of(SeededPerson.openQuestion(bench.show(id)));
    SeededPerson.Said said = answer(bench, id);
    Bench.until(() -> bench.history().status(id).matches("completed|failed"));
    worker.signal("TERM");
    assertThat(worker.exitCode()).as(worker.err()).isZero();
    return said;
  }

  /** Answers the open question; where no process has the execution, this sees it to its end. */
  static SeededPerson.Said answer(Bench bench, String id) throws Exception {
    SeededPerson.Said said =
        new SeededPerson(bench.random()).answer(SeededPerson.openQuestion(bench.show(id)));
    Bench.Result decided = decide(bench, id, said);
    assertThat(decided.exitCode()).as(decided.err()).isIn(DONE, FAILED, CANCELLED, ASKS);
    return said;
  }

  /** Goes on with it and answers, until it has ended. */
  static void toTheEnd(Bench bench, String id) {
    Bench.until(
        () -> {
          if (!bench.history().status(id).equals("paused")) {
            goOn(bench, "execute " + id + " --execute");
          } else if (SeededPerson.openQuestions(bench.show(id)).isEmpty()) {
            goOn(bench, "resume " + id);
          } else {
            answer(bench, id);
          }
          return bench.history().status(id).matches("completed|failed|cancelled");
        });
  }

  /** It may have ended meanwhile, and is refused then. */
  private static void goOn(Bench bench, String command) {
    Bench.Result result = bench.here(command);
    assertThat(result.exitCode()).as(result.err()).isIn(DONE, FAILED, REFUSED, CANCELLED, ASKS);
  }

  /** Waits for a process that sees its execution through. */
  static void isDone(JarProcess run) throws Exception {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(DONE);
  }

  /** Answers if something is asked. Whoever did the step may say how it ended meanwhile. */
  static void answerWhatIsOpen(Bench bench, String id) throws Exception {
    List<JsonNode> open = SeededPerson.openQuestions(bench.show(id));
    if (open.isEmpty()) {
      return;
    }
    Bench.Result decided = decide(bench, id, new SeededPerson(bench.random()).answer(open.get(0)));
    if (decided.exitCode() == REFUSED) {
      assertThat(decided.err()).containsAnyOf("known meanwhile", "asks nothing");
    } else {
      assertThat(decided.exitCode()).as(decided.err()).isIn(DONE, FAILED, CANCELLED, ASKS);
    }
  }

  private static Bench.Result decide(Bench bench, String id, SeededPerson.Said said)
      throws Exception {
    return bench.cellos("decide " + id + " " + said.words() + " --by seed-" + bench.seed());
  }
}
