package org.cellos.starter;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.cellos.starter.planted.PlantedViolation;
import org.junit.jupiter.api.Test;

/** Whom the command line may know. Plain tests: ArchUnit's own annotation silently does not run. */
class StarterPackageRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.cellos.starter");

  @Test
  void seesTheProductionClasses() {
    assertThat(CLASSES.size()).isGreaterThan(20);
  }

  @Test
  void theStarterKnowsWhatItIsMadeFor() {
    onlyItsOwnKind().check(CLASSES);
  }

  @Test
  void theStoreIsOnlyReadAndMaintained() {
    onlyTheReadSideOfTheStore().check(CLASSES);
  }

  @Test
  void onlyCommandsThatStartAnAssemblyKnowItsParts() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Session")
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.cellos.handler..", "org.cellos.instrument.."))
        .check(CLASSES);
  }

  @Test
  void aPlantedViolationIsFound() {
    JavaClasses planted = new ClassFileImporter().importClasses(PlantedViolation.class);

    assertThatThrownBy(() -> onlyItsOwnKind().check(planted))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("java.sql.Connection")
        .hasMessageContaining("org.cellos.workflow.ProtocolExecution")
        .hasMessageContaining("org.cellos.mirror.MirrorInterceptor");
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
                            "org.cellos.starter..",
                            "org.cellos.dashboard..",
                            "org.cellos.domain..",
                            "org.cellos.json..",
                            "org.cellos.protocol..",
                            "org.cellos.client..",
                            "org.cellos.engine..",
                            "org.cellos.store..",
                            "org.cellos.view..",
                            "org.cellos.worker..",
                            "org.cellos.rehearsal..",
                            "org.cellos.deck..",
                            "org.cellos.ot2..",
                            "org.cellos.handler..",
                            "org.cellos.instrument..")))
                .or(
                    resideInAnyPackage(
                        "java.sql..", "javax.sql..", "org.sqlite..", "io.temporal..", "io.grpc..")))
        .as("the command line knows neither SQL nor Temporal nor the engine room");
  }

  private static ArchRule onlyTheReadSideOfTheStore() {
    return classes()
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.not(resideInAPackage("org.cellos.store.."))
                .or(
                    DescribedPredicate.describe(
                        "the read side and the maintenance",
                        type ->
                            type.getSimpleName()
                                .matches(
                                    "ExecutionQueries|Unfinished|ExecutionFilter|ExecutionDetails"
                                        + "|MirrorDatabase|StoreException"
                                        + "|Backups|Backup|Restored"))));
  }
}
