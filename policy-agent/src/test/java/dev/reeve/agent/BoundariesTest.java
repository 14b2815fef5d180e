package dev.reeve.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.reeve.agent", importOptions = DoNotIncludeTests.class)
class BoundariesTest {

  @ArchTest
  static final ArchRule the_agent_knows_only_model_trust_engine_and_the_jdk =
      classes()
          .that()
          .resideInAPackage("dev.reeve.agent..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.reeve.agent..",
              "dev.reeve.model..",
              "dev.reeve.trust..",
              "dev.reeve.engine..",
              "org.bouncycastle..",
              "org.jspecify..",
              "java..",
              "javax.net.ssl..",
              "javax.security.auth.x500..",
              "jdk.net..")
          .because("it runs on every host: no Spring, no HTTP library, no LDAP");

  @ArchTest
  static final ArchRule no_big_http_client =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.net.http..")
          .because("it costs more memory than all the rest of the poller");

  @ArchTest
  static final ArchRule parts_do_not_know_the_whole =
      noClasses()
          .that()
          .resideInAnyPackage("..config..", "..control..", "..disk..", "..http..", "..join..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.reeve.agent");

  @ArchTest
  static final ArchRule no_cycles =
      slices().matching("dev.reeve.agent.(*)..").should().beFreeOfCycles();
}
