package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.json.Json;
import org.cellos.view.ResolvedView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a protocol would do, without doing any of it. */
@Command(
    name = "resolve",
    description = "Shows a protocol's steps, materials, costs and warnings; runs nothing.",
    mixinStandardHelpOptions = true)
final class ResolveCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ProtocolOptions protocol = new ProtocolOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  ResolveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ResolvedProtocol resolved = protocol.resolve(terminal);
    terminal
        .out()
        .println(
            output.json()
                ? Json.writePretty(ResolvedView.of(resolved))
                : Tables.resolved(resolved));
    return ExitCode.OK.number();
  }
}
