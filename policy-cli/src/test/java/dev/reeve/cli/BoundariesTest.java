package dev.reeve.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.reeve.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class BoundariesTest {

  @ArchTest
  static final ArchRule text_is_pure =
      classes()
          .that()
          .resideInAPackage("dev.reeve.cli.text..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.reeve.cli.text..",
              "dev.reeve.model..",
              "java.lang..",
              "java.util..",
              "java.time..",
              "org.jspecify..")
          .because("the server's console and the demo print with it as well");

  @ArchTest
  static final ArchRule planning_needs_no_agent_and_no_server =
      noClasses()
          .that()
          .resideInAPackage("dev.reeve.cli.rsop..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.reeve.agent..", "dev.reeve.server..", "dev.reeve.engine..")
          .because("a plan on a file starts neither");

  @ArchTest
  static final ArchRule no_spring =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..")
          .because("short commands start fast");
}
