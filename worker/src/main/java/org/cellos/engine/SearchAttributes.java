package org.cellos.engine;

import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What executions can be searched for in the Temporal Web UI, where it is registered. */
public final class SearchAttributes {
  private static final Logger log = LoggerFactory.getLogger(SearchAttributes.class);

  /** All of them, keywords; the client's {@code ExecutionLabels} says what is in each. */
  public static final List<String> ALL =
      List.of("CellosCellLine", "CellosVessel", "CellosOperation", "CellosInstruments");

  private static final int DEADLINE_SECONDS = 2;

  private SearchAttributes() {}

  static Set<String> registered(WorkflowServiceStubs stubs, String namespace) {
    OperatorServiceStubs operator =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setChannel(stubs.getRawChannel())
                .validateAndBuildWithDefaults());
    try {
      Map<String, IndexedValueType> known =
          operator
              .blockingStub()
              .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
              .listSearchAttributes(
                  ListSearchAttributesRequest.newBuilder().setNamespace(namespace).build())
              .getCustomAttributesMap();
      return ALL.stream()
          .filter(name -> known.get(name) == IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
          .collect(Collectors.toUnmodifiableSet());
    } catch (StatusRuntimeException e) {
      // Not every server lets everybody ask; executions go without.
      log.debug("Search attributes are not known: {}", e.getStatus());
      return Set.of();
    }
  }
}
