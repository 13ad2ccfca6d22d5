package org.cellos.dashboard;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.cellos.dashboard.planted.PlantedViolation;
import org.junit.jupiter.api.Test;

/** Whom the dashboard may know. */
class DashboardPackageRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.cellos.dashboard");

  @Test
  void seesTheProductionClasses() {
    assertThat(CLASSES.size()).isGreaterThan(20);
  }

  @Test
  void theDashboardReadsAndAsks() {
    onlyItsOwnKind().check(CLASSES);
  }

  @Test
  void theStoreIsOnlyRead() {
    onlyTheReadSideOfTheStore().check(CLASSES);
  }

  @Test
  void aPlantedViolationIsFound() {
    JavaClasses planted = new ClassFileImporter().importClasses(PlantedViolation.class);

    assertThatThrownBy(() -> onlyItsOwnKind().check(planted))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("java.sql.Connection")
        .hasMessageContaining("org.cellos.workflow.ProtocolExecution");
    assertThatThrownBy(() -> onlyTheReadSideOfTheStore().check(planted))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("org.cellos.store.ExecutionRecorder");
  }

  private static ArchRule onlyItsOwnKind() {
    return noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.cellos..")
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            "org.cellos.dashboard..",
                            "org.cellos.deck..",
                            "org.cellos.domain..",
                            "org.cellos.json..",
                            "org.cellos.protocol..",
                            "org.cellos.client..",
                            "org.cellos.engine..",
                            "org.cellos.store..",
                            "org.cellos.view..",
                            "org.cellos.worker..")))
                .or(
                    resideInAnyPackage(
                        "java.sql..", "javax.sql..", "org.sqlite..", "io.temporal..", "io.grpc..")))
        .as("the dashboard knows neither SQL nor Temporal nor the engine room");
  }

  private static ArchRule onlyTheReadSideOfTheStore() {
    return noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.cellos.store..")
                .and(
                    DescribedPredicate.describe(
                        "what writes or keeps house",
                        type ->
                            type.getSimpleName()
                                .matches(
                                    ".*Recorder|.*Ledger|.*Upkeep|Backups|RebuiltMirror"
                                        + "|DraftMirror|HistoryExportLog"))))
        .as("the dashboard only reads the store");
  }
}
