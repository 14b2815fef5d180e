package dev.reeve.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.reeve.engine", importOptions = ImportOption.DoNotIncludeTests.class)
class BoundariesTest {

  @ArchTest
  static final ArchRule the_engine_knows_only_the_model =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.reeve.engine..",
              "dev.reeve.model..",
              "java..",
              "javax.security.auth.x500..",
              "org.jspecify..")
          .because("no Spring, no HTTP, no LDAP on this side");

  @ArchTest
  static final ArchRule it_speaks_no_http =
      noClasses().should().dependOnClassesThat().resideInAPackage("java.net.http..");

  @ArchTest
  static final ArchRule it_has_no_threads_of_its_own =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching("java\\.util\\.concurrent\\.(Executor.*|.*Pool.*|CompletableFuture)")
          .because("one thread of the agent owns it");

  @ArchTest
  static final ArchRule plans_are_pure =
      noClasses()
          .that()
          .resideInAnyPackage("..plan..", "..negotiate..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io..", "java.nio.file..", "java.time..");

  @ArchTest
  static final ArchRule parts_do_not_know_the_whole =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..nft..",
              "..kernel..",
              "..plan..",
              "..host..",
              "..vici..",
              "..ike..",
              "..xfrm..",
              "..tool..",
              "..negotiate..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.reeve.engine");

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices().matching("dev.reeve.engine.(*)..").should().beFreeOfCycles();
}
