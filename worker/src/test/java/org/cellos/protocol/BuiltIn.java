package org.cellos.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cellos.domain.Profile;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Usd;

/** The protocols of the jar, and one line of text for what a test compares. */
final class BuiltIn {
  static final ProtocolData DATA = ProtocolData.load(Optional.empty());
  static final ProtocolResolver RESOLVER = new ProtocolResolver(DATA);

  private BuiltIn() {}

  static ResolvedProtocol resolve(String operation, String cellLine, String vessel) {
    return RESOLVER.resolve(operation, cellLine, vessel, Profile.ORIGINAL);
  }

  static List<UnitOp> leaves(ResolvedProtocol resolved) {
    return resolved.steps().stream().map(Step::unitOp).toList();
  }

  static List<String> ids(ResolvedProtocol resolved) {
    return leaves(resolved).stream().map(UnitOp::uoId).toList();
  }

  /** Operation, id, volume and items. */
  static String row(UnitOp leaf) {
    List<String> items = new ArrayList<>();
    leaf.items().forEach(item -> items.add(item.resourceId() + "=" + item.quantity()));
    String volume =
        leaf.parameters().has("volume_ml")
            ? String.valueOf(leaf.parameters().number("volume_ml"))
            : "-";
    return String.join(" | ", leaf.operationType(), leaf.uoId(), volume, String.join(", ", items));
  }

  /** Code and place of each warning, as {@code RESIDUE at 10} or {@code UNPRICED}. */
  static List<String> codes(ResolvedProtocol resolved) {
    return resolved.warnings().stream().map(BuiltIn::code).toList();
  }

  static String message(ResolvedProtocol resolved, String codeAndStep) {
    return resolved.warnings().stream()
        .filter(warning -> code(warning).equals(codeAndStep))
        .map(ProtocolWarning::message)
        .findFirst()
        .orElse("(no " + codeAndStep + ")");
  }

  private static String code(ProtocolWarning warning) {
    return warning.code() + (warning.stepIndex() == null ? "" : " at " + warning.stepIndex());
  }

  static Usd usd(double amount) {
    return Usd.of(amount);
  }
}
