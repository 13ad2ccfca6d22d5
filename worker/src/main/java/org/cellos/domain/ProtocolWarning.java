package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Something a person should know before running a protocol.
 *
 * @param code stable category
 * @param severity that of the code
 * @param stepIndex the step it is about, from 0; null when it is about the whole protocol
 * @param message what is wrong, with the figures
 * @param fix what to do about it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProtocolWarning(
    WarningCode code, Severity severity, @Nullable Integer stepIndex, String message, String fix) {

  public static ProtocolWarning atStep(
      WarningCode code, int stepIndex, String message, String fix) {
    return new ProtocolWarning(code, code.severity(), stepIndex, message, fix);
  }

  public static ProtocolWarning overall(WarningCode code, String message, String fix) {
    return new ProtocolWarning(code, code.severity(), null, message, fix);
  }
}
