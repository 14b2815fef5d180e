package dev.reeve.trust;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.reeve.trust", importOptions = DoNotIncludeTests.class)
class BoundariesTest {

  @ArchTest
  static final ArchRule knows_the_model_and_the_library_only =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.reeve.trust..",
              "dev.reeve.model.bundle..",
              "dev.reeve.model.json..",
              "dev.reeve.model.net..",
              "org.bouncycastle..",
              "org.jspecify..",
              "java..",
              "javax.crypto..",
              "javax.net.ssl..",
              "javax.security.auth.x500..")
          .because("server and agent both stand on it");

  @ArchTest
  static final ArchRule reads_no_clock =
      noClasses().should().callMethod(Instant.class, "now").because("time is an argument");
}
