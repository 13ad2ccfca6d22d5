package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.AuditVerification;
import org.cellos.json.Json;
import org.cellos.store.MirrorDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Follows the chain of the audit log, and prints where it is broken. */
@Command(
    name = "verify",
    description = {
      "Looks whether an entry of the audit log was changed, removed or put in by other programs;"
          + " changes nothing. Exit code 1 if one was.",
      "Whoever may write to the file could write all of it anew: keep the head elsewhere, as"
          + " backups do, and compare."
    },
    mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  AuditVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (MirrorDatabase mirror = Executions.openHistory(terminal, database)) {
      AuditVerification found = mirror.verifyAudit();
      terminal.out().println(output.json() ? Json.writePretty(found) : text(found));
      return (found.isWhole() ? ExitCode.OK : ExitCode.EXECUTION_FAILED).number();
    }
  }

  private static String text(AuditVerification found) {
    return "Entries: "
        + found.entries()
        + ". Head: "
        + (found.headHash() == null ? "gone" : found.headHash())
        + "."
        + System.lineSeparator()
        + (found.firstBreak() == null
            ? "Every entry is as it was written, and none is missing."
            : found.firstBreak().explanation());
  }
}
