package dev.reeve.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.reeve.server", importOptions = DoNotIncludeTests.class)
class BoundariesTest {

  @ArchTest
  static final ArchRule spring_stays_at_the_edge =
      noClasses()
          .that()
          .resideOutsideOfPackages("..server.wiring..", "..server.store..")
          .and()
          .haveSimpleNameNotEndingWith("Controller")
          .and()
          .haveSimpleNameNotStartingWith("ServerMain")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..")
          .because("everything else is built with new");

  @ArchTest
  static final ArchRule server_and_hosts_meet_in_the_model_alone =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.reeve.agent..", "dev.reeve.engine..", "dev.reeve.cli..");

  @ArchTest
  static final ArchRule the_embedded_directory_knows_nothing_of_the_server =
      classes()
          .that()
          .resideInAPackage("..directory.embedded..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "..directory.embedded..",
              "com.unboundid..",
              "java..",
              "javax..",
              "org.slf4j..",
              "org.jspecify..",
              "dev.reeve.trust..");

  @ArchTest
  static final ArchRule publishing_knows_no_directory_and_no_wire =
      noClasses()
          .that()
          .resideInAPackage("..server.publish..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "com.unboundid..",
              "io.netty..",
              "..server.directory..",
              "..server.endpoint..",
              "dev.reeve.schema..");

  @ArchTest
  static final ArchRule sql_stays_in_the_store =
      noClasses()
          .that()
          .resideOutsideOfPackages("..server.store..", "..server.wiring..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.flywaydb..");

  @ArchTest
  static final ArchRule packages_form_no_cycle =
      slices().matching("dev.reeve.server.(*)..").should().beFreeOfCycles();
}
