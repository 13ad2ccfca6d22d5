package org.cellos;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.cellos.planted.domain.PlantedViolation;
import org.junit.jupiter.api.Test;

/** Who may know whom. Plain tests: fields with ArchUnit's own annotation silently do not run. */
class PackageRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.cellos");

  private static final String[] ALWAYS = {
    "java..", "org.jspecify..", "com.google.errorprone.annotations.."
  };

  @Test
  void seesTheProductionClasses() {
    assertThat(CLASSES.size()).isGreaterThan(50);
  }

  @Test
  void domainKnowsOnlyTheJdkAndJacksonsAnnotations() {
    only("domain", "com.fasterxml.jackson.annotation..").check(CLASSES);
  }

  @Test
  void jsonKnowsTheDomainAndJackson() {
    only("json", "org.cellos.domain..", "com.fasterxml.jackson..").check(CLASSES);
  }

  @Test
  void protocolKnowsTheDomainYamlAndJson() {
    only(
            "protocol",
            "org.cellos.domain..",
            "org.cellos.json..",
            "com.fasterxml.jackson..",
            "org.yaml.snakeyaml..")
        .check(CLASSES);
  }

  @Test
  void clientKnowsTheWorkflowButNeitherStoreNorActivities() {
    only(
            "client",
            "org.cellos.domain..",
            "org.cellos.json..",
            "org.cellos.workflow..",
            // What an event of a history says.
            "io.temporal.api.common..",
            "io.temporal.api.failure..",
            "io.temporal.api.history..",
            "com.google.protobuf..",
            "io.temporal.api..",
            "io.grpc..",
            "io.temporal.client..",
            "io.temporal.common..",
            "io.temporal.failure..",
            "io.temporal.serviceclient..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.cellos.client..")
        .should()
        .dependOnClassesThat(implementationsIn("org.cellos.workflow.."))
        .check(CLASSES);
  }

  @Test
  void workflowKnowsActivityInterfacesAndNothingThatIsNotDeterministic() {
    only(
            "workflow",
            "org.cellos.domain..",
            "org.cellos.activity..",
            "io.temporal.workflow..",
            "io.temporal.common..",
            "io.temporal.failure..",
            "io.temporal.activity..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.cellos.workflow..")
        .should()
        .dependOnClassesThat(
            implementationsIn("org.cellos.activity..")
                .or(
                    resideInAnyPackage(
                        "java.sql..",
                        "java.io..",
                        "java.nio..",
                        "java.net..",
                        "java.util.concurrent.."))
                .or(
                    DescribedPredicate.describe(
                        "clocks and random numbers",
                        type ->
                            type.isEquivalentTo(java.time.Clock.class)
                                || type.isEquivalentTo(java.util.Random.class)
                                || type.isEquivalentTo(java.util.UUID.class))))
        .check(CLASSES);
  }

  @Test
  void activityKnowsHandlersAndTheStoresInterfaces() {
    only(
            "activity",
            "org.cellos.domain..",
            "org.cellos.json..",
            "org.cellos.handler..",
            "org.cellos.instrument..",
            "org.cellos.store..",
            "com.fasterxml.jackson.annotation..",
            "io.temporal.activity..",
            "io.temporal.api.workflowservice..",
            "io.temporal.client..",
            "io.temporal.common..",
            "io.temporal.failure..",
            "io.temporal.serviceclient..",
            "io.grpc..",
            "com.google.protobuf..",
            "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void handlersAndInstrumentsKnowNeitherTemporalNorTheStore() {
    only("handler", "org.cellos.domain..").check(CLASSES);
    only(
            "instrument",
            "org.cellos.domain..",
            "org.cellos.handler..",
            "org.cellos.json..",
            "com.fasterxml.jackson.annotation..")
        .check(CLASSES);
  }

  @Test
  void remoteHandlersAreHandlersThatKnowTemporal() {
    only(
            "remote",
            "org.cellos.domain..",
            "org.cellos.handler..",
            "org.cellos.protocol..",
            "com.fasterxml.jackson.annotation..",
            "com.google.protobuf..",
            "io.grpc..",
            "io.temporal..",
            "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void worklistsAreHandlersThatKnowFiles() {
    only(
            "worklist",
            "org.cellos.domain..",
            "org.cellos.handler..",
            "org.cellos.json..",
            "org.cellos.protocol..",
            "com.fasterxml.jackson..",
            "org.apache.commons.csv..")
        .check(CLASSES);
  }

  @Test
  void decksKnowProtocolsAndNoRobot() {
    only("deck", "org.cellos.domain..", "org.cellos.protocol..").check(CLASSES);
  }

  @Test
  void robotsKnowNeitherTemporalNorTheStoreNorWhereTheyAreWrittenDown() {
    only(
            "ot2",
            "org.cellos.domain..",
            "org.cellos.handler..",
            "org.cellos.json..",
            "com.fasterxml.jackson..",
            "com.sun.net.httpserver..",
            "org.slf4j..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.cellos.ot2")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.cellos.ot2.fake..")
        .because("what talks to real robots must not know a fake one")
        .check(CLASSES);
  }

  @Test
  void mirrorKnowsTheStoreAndTemporalsInterceptors() {
    only(
            "mirror",
            "org.cellos.domain..",
            "org.cellos.json..",
            "org.cellos.store..",
            // A projection replays the workflow and reads what it asked of its records.
            "org.cellos.activity..",
            "org.cellos.client..",
            "com.google.protobuf..",
            "io.grpc..",
            "io.temporal.api..",
            "io.temporal.worker..",
            "io.temporal.workflow..",
            "io.temporal.activity..",
            "io.temporal.client..",
            "io.temporal.common..",
            "io.temporal.failure..",
            "org.slf4j..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.cellos.mirror..")
        .should()
        .dependOnClassesThat(implementationsIn("org.cellos.activity.."))
        .check(CLASSES);
  }

  @Test
  void storeKnowsSqlAndTheDomain() {
    only(
            "store",
            "org.cellos.domain..",
            "org.cellos.json..",
            "com.fasterxml.jackson..",
            "org.sqlite..",
            "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void engineKnowsTemporalAndNothingOfOurs() {
    only("engine", "io.temporal..", "io.grpc..", "com.google.protobuf..", "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void viewsKnowTheReadSideAndWhetherEnginesLive() {
    only(
            "view",
            "org.cellos.deck..",
            "org.cellos.domain..",
            "org.cellos.json..",
            "org.cellos.engine..",
            "org.cellos.ot2",
            "org.cellos.store..",
            "com.fasterxml.jackson.annotation..")
        .check(CLASSES);
  }

  @Test
  void onlyTheAssemblyKnowsEverything() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.cellos.worker..", "org.cellos.rehearsal..")
        .should()
        .dependOnClassesThat(resideInAPackage("org.cellos.worker.."))
        .check(CLASSES);
  }

  @Test
  void theRehearsalIsAnAssemblyThatNobodyKnows() {
    only(
            "rehearsal",
            "org.cellos..",
            "com.fasterxml.jackson.annotation..",
            "com.google.protobuf..",
            "io.temporal.activity..",
            "io.temporal.api.workflowservice..",
            "io.temporal.client..",
            "io.temporal.failure..",
            "io.temporal.serviceclient..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("org.cellos.rehearsal..", "org.cellos.starter..")
        .should()
        .dependOnClassesThat(resideInAPackage("org.cellos.rehearsal.."))
        .check(CLASSES);
  }

  @Test
  void aPlantedViolationIsFound() {
    JavaClasses planted = new ClassFileImporter().importClasses(PlantedViolation.class);

    assertThatThrownBy(
            () ->
                onlyIn("org.cellos.planted.domain..", "com.fasterxml.jackson.annotation..")
                    .check(planted))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("java.sql")
        .hasMessageContaining("io.temporal");
  }

  private static ArchRule only(String name, String... others) {
    return onlyIn("org.cellos." + name + "..", others);
  }

  private static ArchRule onlyIn(String packageName, String... others) {
    String[] allowed = new String[others.length + ALWAYS.length + 1];
    System.arraycopy(others, 0, allowed, 0, others.length);
    System.arraycopy(ALWAYS, 0, allowed, others.length, ALWAYS.length);
    allowed[allowed.length - 1] = packageName;
    ArchRule rule =
        classes()
            .that()
            .resideInAPackage(packageName)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(arraysOfPrimitives()));
    return packageName.contains("store") ? rule : withoutSql(packageName, rule);
  }

  private static ArchRule withoutSql(String packageName, ArchRule rule) {
    return com.tngtech.archunit.lang.CompositeArchRule.of(rule)
        .and(
            noClasses()
                .that()
                .resideInAPackage(packageName)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..")));
  }

  private static DescribedPredicate<JavaClass> arraysOfPrimitives() {
    return DescribedPredicate.describe(
        "primitives and their arrays", type -> type.getPackageName().isEmpty());
  }

  private static DescribedPredicate<JavaClass> implementationsIn(String packageName) {
    return resideInAPackage(packageName)
        .and(
            DescribedPredicate.describe(
                "implementations", type -> type.getSimpleName().endsWith("Impl")));
  }
}
