package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new mirror was made of.
 *
 * @param projected executions made from their histories
 * @param kept executions taken from the former file, whose histories are not within reach
 * @param asking unfinished executions that will ask a person about steps that move something
 * @param formerFile where the former file is; null if there was none
 * @param problems what was lost or left out, one sentence each
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MirrorRebuild(
    int projected,
    int kept,
    List<String> asking,
    @Nullable String formerFile,
    List<String> problems) {
  public MirrorRebuild {
    asking = List.copyOf(asking);
    problems = List.copyOf(problems);
  }
}
