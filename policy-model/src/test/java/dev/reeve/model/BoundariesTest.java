package dev.reeve.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;

/// Which package may know which, and what the core never touches.
@AnalyzeClasses(packages = "dev.reeve.model", importOptions = ImportOption.DoNotIncludeTests.class)
class BoundariesTest {

  private static final String ROOT = "dev.reeve.model.";

  private static ArchRule mayKnow(String name, String... others) {
    var allowed = new String[others.length + 3];
    allowed[0] = ROOT + name + "..";
    allowed[1] = "java..";
    allowed[2] = "org.jspecify.annotations..";
    for (int i = 0; i < others.length; i++) allowed[i + 3] = ROOT + others[i] + "..";
    return classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }

  @ArchTest
  static final ArchRule json_knows_its_parser_and_nothing_of_ours =
      classes()
          .that()
          .resideInAPackage(ROOT + "json..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              ROOT + "json..", "java..", "org.jspecify.annotations..", "tools.jackson.core..");

  @ArchTest static final ArchRule net_stands_alone = mayKnow("net");

  @ArchTest static final ArchRule ipsec = mayKnow("ipsec", "json", "net");

  @ArchTest static final ArchRule gp = mayKnow("gp", "json", "net", "ipsec");

  @ArchTest
  static final ArchRule rsop_is_pure =
      mayKnow("rsop", "json", "net", "ipsec", "gp")
          .because("planning runs it on directories that never existed");

  @ArchTest static final ArchRule spd_knows_no_directory = mayKnow("spd", "json", "net", "ipsec");

  @ArchTest
  static final ArchRule bundle_knows_no_directory = mayKnow("bundle", "json", "net", "ipsec");

  @ArchTest static final ArchRule status_is_facts_only = mayKnow("status", "json");

  @ArchTest
  static final ArchRule no_cycles = slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule every_package_is_one_of_these =
      classes()
          .should()
          .resideInAnyPackage(
              ROOT + "json..",
              ROOT + "net..",
              ROOT + "ipsec..",
              ROOT + "gp..",
              ROOT + "rsop..",
              ROOT + "spd..",
              ROOT + "bundle..",
              ROOT + "status..")
          .because("a new package needs a rule above");

  @ArchTest
  static final ArchRule no_spring_ldap_or_logging =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..",
              "com.unboundid..",
              "javax.naming..",
              "org.slf4j..",
              "org.bouncycastle..",
              "java.sql..",
              "java.util.logging..");

  @ArchTest
  static final ArchRule no_files =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.nio.channels..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.io\\.(File|RandomAccessFile).*");

  /// InetAddress carries bytes between records and the JDK; it must never look a name up.
  @ArchTest
  static final ArchRule no_network =
      noClasses()
          .should()
          .dependOnClassesThat(
              new DescribedPredicate<JavaClass>("are in java.net, but not InetAddress") {
                @Override
                public boolean test(JavaClass type) {
                  return type.getPackageName().startsWith("java.net")
                      && !type.isEquivalentTo(InetAddress.class)
                      && !type.isEquivalentTo(UnknownHostException.class);
                }
              })
          .orShould()
          .callMethodWhere(
              new DescribedPredicate<JavaAccess<?>>("may look a name up") {
                private final Set<String> pure =
                    Set.of(
                        "ofLiteral",
                        "getByAddress",
                        "getAddress",
                        "toString",
                        "hashCode",
                        "equals");

                @Override
                public boolean test(JavaAccess<?> call) {
                  return call.getTargetOwner().isAssignableTo(InetAddress.class)
                      && !pure.contains(call.getName());
                }
              });

  @ArchTest
  static final ArchRule no_clock_environment_or_randomness =
      noClasses()
          .should()
          .callMethodWhere(
              new DescribedPredicate<JavaAccess<?>>("reads the clock, the environment or chance") {
                @Override
                public boolean test(JavaAccess<?> call) {
                  String owner = call.getTargetOwner().getName();
                  return owner.startsWith("java.time.") && call.getName().equals("now")
                      || owner.equals("java.lang.System")
                          && Set.of(
                                  "getenv",
                                  "getProperty",
                                  "getProperties",
                                  "currentTimeMillis",
                                  "nanoTime",
                                  "exit")
                              .contains(call.getName())
                      || owner.equals("java.util.UUID") && call.getName().equals("randomUUID")
                      || owner.equals("java.lang.Math") && call.getName().equals("random");
                }
              })
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.(time\\.Clock|util\\.Random|security\\.SecureRandom|lang\\.(Process|ProcessBuilder|Runtime|Thread))");
}
