package dev.reeve.schema;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.reeve.schema", importOptions = DoNotIncludeTests.class)
class BoundariesTest {

  @ArchTest
  static final ArchRule the_module_imports_the_model_and_the_ldap_library =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.reeve.schema..",
              "dev.reeve.model..",
              "com.unboundid..",
              "java..",
              "org.jspecify..")
          .because("server, tools and tests all read directories through it");

  @ArchTest
  static final ArchRule no_spring =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("org.springframework..");

  @ArchTest
  static final ArchRule encodings_know_nothing_of_entries =
      noClasses()
          .that()
          .resideInAnyPackage("..ms..", "..ipsec..", "..names..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..schema.read..", "..schema.write..", "com.unboundid..")
          .because("bytes and names mean the same wherever they were found");

  @ArchTest
  static final ArchRule reading_does_not_need_writing =
      noClasses()
          .that()
          .resideInAPackage("..schema.read..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..schema.write..");

  @ArchTest
  static final ArchRule names_stand_alone =
      classes()
          .that()
          .resideInAPackage("..schema.names..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("..schema.names..", "java..", "org.jspecify..");
}
