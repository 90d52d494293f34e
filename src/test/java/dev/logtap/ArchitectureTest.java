package dev.logtap;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.FileDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of packages: who lives where and knows of whom. */
class ArchitectureTest {
  private static final String BASE = "dev.logtap";

  /** What of ours a package may know, beside itself. */
  private static final Map<String, List<String>> KNOWS =
      Map.ofEntries(
          Map.entry("auth", List.of()),
          Map.entry("cli", List.of("auth", "client", "config", "demo", "kernel", "log", "output", "protocol", "railway", "render", "server", "terminal")),
          Map.entry("client", List.of("log", "protocol", "websocket")),
          Map.entry("config", List.of("log")),
          Map.entry("demo", List.of("log", "railway")),
          Map.entry("hub", List.of("log")),
          Map.entry("kernel", List.of()),
          Map.entry("log", List.of("kernel")),
          Map.entry("output", List.of("log")),
          Map.entry("protocol", List.of("log", "output", "railway")),
          Map.entry("railway", List.of()),
          Map.entry("relay", List.of("log", "railway")),
          Map.entry("render", List.of("log", "output", "protocol")),
          Map.entry("server", List.of("auth", "hub", "log", "output", "protocol", "railway", "relay", "render", "websocket")),
          Map.entry("terminal", List.of("render")),
          Map.entry("websocket", List.of()));

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(BASE);

  static Set<String> packages() {
    return new TreeSet<>(KNOWS.keySet());
  }

  @Test
  void every_class_lives_in_a_package_of_the_table() {
    Set<String> found = new TreeSet<>();
    for (JavaClass ours : OURS) {
      found.add(ours.getPackageName().substring(Math.min(BASE.length() + 1, ours.getPackageName().length())));
    }

    assertEquals(packages(), found);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void package_knows_only_what_the_table_says(String name) {
    List<String> allowed = new ArrayList<>(List.of(BASE + "." + name));
    KNOWS.get(name).forEach(known -> allowed.add(BASE + "." + known));

    noClasses()
        .that()
        .resideInAPackage(BASE + "." + name)
        .should()
        .dependOnClassesThat(resideInAPackage(BASE + "..").and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
        .check(OURS);
  }

  @ParameterizedTest
  @CsvSource({
    "picocli.., cli, Commands",
    "org.tomlj.., config, ConfigFile",
    "java.lang.foreign.., kernel, SystemCall",
    "com.auth0.jwt.., auth, Authority",
    "java.net.http.., railway, Endpoint",
    "org.java_websocket.., railway websocket, Connection Handshake",
    "com.fasterxml.jackson.., protocol railway, Json AnswerReader",
    "org.apache.hc.., server, RequestReader",
    "org.jline.., terminal, Columns"
  })
  void library_is_used_by_its_packages_only(String library, String users, String mains) {
    List<String> packages = new ArrayList<>();
    for (String user : users.split(" ")) {
      packages.add(BASE + "." + user);
    }
    for (String main : mains.split(" ")) {
      // A library of another name would be used by nobody, and prove nothing.
      assertTrue(
          OURS.stream()
              .filter(ours -> ours.getSimpleName().equals(main) && packages.contains(ours.getPackageName()))
              .flatMap(ours -> ours.getDirectDependenciesFromSelf().stream())
              .anyMatch(dependency -> resideInAPackage(library).test(dependency.getTargetClass())),
          main);
    }
    noClasses()
        .that()
        .resideOutsideOfPackages(packages.toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(OURS);
  }

  @Test
  void only_the_command_line_speaks_to_the_process_it_runs_in() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE + ".cli")
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .orShould()
        .accessField(System.class, "in")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(FileDescriptor.class)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(OURS);
  }

  @Test
  void packages_form_no_circle() {
    slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void every_package_says_what_it_is_for() {
    List<Path> missing = new ArrayList<>();
    for (String name : packages()) {
      Path info = Path.of("src/main/java", BASE.replace('.', '/'), name, "package-info.java");
      if (!Files.exists(info)) {
        missing.add(info);
      }
    }

    assertEquals(List.of(), missing);
  }
}
