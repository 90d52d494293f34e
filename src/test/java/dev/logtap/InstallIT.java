package dev.logtap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the real install.sh on a copy of the checkout, and what it has installed. Because a build takes seconds, there
 * is one installation that all tests share, and a test that changes it does so to a copy.
 */
class InstallIT {
  private static final Path CHECKOUT = Path.of(System.getProperty("logtap.basedir"));
  private static final List<String> JAVA_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS");

  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  /** Holds the checkout that was installed, and the installation: neither is changed by a test. */
  @TempDir private static Path shared;

  private static Path checkout;
  private static Path installed;
  private static String version;
  private static String build;

  @TempDir private Path scratch;

  private Path prefix = installed;

  @BeforeAll
  static void install() throws Exception {
    checkout = shared.resolve("checkout");
    copy(CHECKOUT, checkout, List.of(CHECKOUT.resolve("target"), CHECKOUT.resolve(".git")));
    version = firstGroup("<version>(.*?)</version>", Files.readString(checkout.resolve("pom.xml")));

    installed = shared.resolve("a prefix");
    var result =
        run(shared, Map.of(), "sh", "-c", "umask 077 && exec checkout/install.sh --prefix 'a prefix'");

    assertEquals(0, result.status, result::toString);
    build = firstGroup("(?m)^build=(.*)$", Files.readString(installed.resolve("bin/logtap")));
  }

  @Test
  void the_installed_program_needs_no_java() throws Exception {
    var tools = tools("sh");

    assertVersion(version, build, run(scratch, Map.of("PATH", tools), "env", "-i", launcher(), "--version"));
    assertTrue(build.startsWith(version + "-"), build);
  }

  @Test
  void manuals_and_completions_lie_where_they_are_looked_for() throws Exception {
    for (var file :
        Map.of(
                "share/man/man1/logtap.1", "man/logtap.1",
                "share/man/man1/logtap-tail.1", "man/logtap-tail.1",
                "share/man/man5/logtap.toml.5", "man/logtap.toml.5",
                "share/bash-completion/completions/logtap", "completions/logtap.bash",
                "share/zsh/site-functions/_logtap", "completions/_logtap",
                "share/fish/vendor_completions.d/logtap.fish", "completions/logtap.fish")
            .entrySet()) {
      assertEquals(-1, Files.mismatch(checkout.resolve(file.getValue()), prefix.resolve(file.getKey())), file.getKey());
    }
  }

  @Test
  void units_name_the_program_by_its_path_and_are_there_for_root_only() throws Exception {
    var units = prefix.resolve("lib/systemd/system");
    if (!ROOT) {
      assertFalse(Files.exists(prefix.resolve("lib/systemd")));
      return;
    }
    var service = Files.readString(units.resolve("logtap.service"));
    assertTrue(service.contains("\nExecStart=\"" + installed + "/bin/logtap\" serve "), service);
    assertTrue(Files.isRegularFile(units.resolve("logtap.socket")));
  }

  @Test
  void everybody_may_read_what_was_installed_under_a_strict_umask() throws Exception {
    try (var files = Files.walk(installed)) {
      for (var file : files.toList()) {
        var permissions = Files.getPosixFilePermissions(file);
        assertTrue(permissions.contains(PosixFilePermission.OTHERS_READ), file + " " + permissions);
        assertEquals(
            permissions.contains(PosixFilePermission.OWNER_EXECUTE),
            permissions.contains(PosixFilePermission.OTHERS_EXECUTE),
            file + " " + permissions);
      }
    }
  }

  @Test
  void installing_again_repairs_and_changes_nothing_else() throws Exception {
    useCopy();
    var before = files(prefix);
    Files.delete(home().resolve("long.aot"));
    Files.delete(home().resolve("lib/modules"));
    write(prefix.resolve("lib/logtap/.new.4711/left/by/an/install/that/broke/off"), "");
    Files.delete(prefix.resolve("share/man/man1/logtap.1"));

    var result = installFrom(checkout, prefix);

    assertEquals(0, result.status, result::toString);
    assertEquals(before, files(prefix));
    assertVersion(version, build, logtap(Map.of("LOGTAP_JAVA_OPTS", "-XX:AOTMode=on"), "--version"));
  }

  @Test
  void an_upgrade_in_place_runs_the_new_code() throws Exception {
    useCopy();
    var unused = addBuild("0.0.1-unused");
    var used = addBuild("0.0.2-used");
    var oldLauncher = scratch.resolve("copy/bin/old");
    Files.writeString(oldLauncher, Files.readString(launcher()).replace(build, "0.0.2-used"));
    var log = write(scratch.resolve("app.log"), "first\n");
    var running = start("sh", oldLauncher, "--log", "app=" + log, "tail", "-f", "app");
    try {
      assertEquals('f', running.getInputStream().read());

      var newer = scratch.resolve("newer");
      copy(checkout, newer, List.of());
      replace(newer.resolve("pom.xml"), "<version>" + version + "</version>", "<version>99.0</version>");
      Files.delete(newer.resolve("completions/_logtap"));
      var path = newerSystemd() + ":" + System.getenv("PATH");
      var result = run(scratch, Map.of("PATH", path), newer.resolve("install.sh"), "--prefix", prefix);

      assertEquals(0, result.status, result::toString);
      var after = logtap(Map.of(), "--version");
      var newBuild = firstGroup("\\((.*)\\)", after.out);
      assertVersion("99.0", newBuild, after);
      assertTrue(newBuild.startsWith("99.0-"), newBuild);
      assertTrue(Files.exists(home()), "the build before");
      assertTrue(Files.exists(used), "a build that is running");
      assertFalse(Files.exists(unused), "a build that nobody needs");
      assertFalse(Files.exists(prefix.resolve("share/zsh/site-functions/_logtap")), "a file that is no more");
      assertEquals(ROOT, Files.exists(prefix.resolve("lib/systemd/system/logtap.service.d/backoff.conf")));
      assertTrue(running.isAlive());
    } finally {
      running.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_failed_build_leaves_the_installed_version_as_it_was() throws Exception {
    useCopy();
    var before = files(prefix);
    var broken = scratch.resolve("broken");
    copy(checkout, broken, List.of());
    Files.writeString(broken.resolve("src/main/java/dev/logtap/Broken.java"), "not Java");

    var result = installFrom(broken, prefix);

    assertEquals(1, result.status, result::toString);
    assertTrue(result.err.contains("Broken.java"), result::toString);
    assertTrue(result.err.contains("install.sh: the build failed"), result::toString);
    assertEquals(before, files(prefix));
    assertVersion(version, build, logtap(Map.of(), "--version"));
  }

  @Test
  void a_build_that_does_not_run_is_not_switched_to() throws Exception {
    useCopy();
    var broken = scratch.resolve("broken");
    copy(checkout, broken, List.of());
    // Too late for the build's own check of what it has made, as on a prefix that is mounted noexec.
    replace(broken.resolve("install.sh"), "install_files\n  switch", "rm -r \"$library/$build/lib\"\n  switch");
    Files.writeString(broken.resolve("src/main/image/logtap.sh"), "# another build\n", StandardOpenOption.APPEND);

    var result = installFrom(broken, prefix);

    assertEquals(1, result.status, result::toString);
    assertTrue(result.err.contains("does not run below"), result::toString);
    assertVersion(version, build, logtap(Map.of(), "--version"));
  }

  @Test
  void uninstall_removes_what_was_installed_and_nothing_else() throws Exception {
    useCopy();
    write(prefix.resolve("bin/other"), "");
    write(prefix.resolve("share/man/man1/other.1"), "");

    var first = run(scratch, Map.of(), checkout.resolve("install.sh"), "--uninstall", "--prefix", prefix);
    var second = run(scratch, Map.of(), checkout.resolve("install.sh"), "--uninstall", "--prefix", prefix);

    assertEquals(0, first.status, first::toString);
    assertEquals(0, second.status, second::toString);
    assertEquals(
        List.of("", "bin", "bin/other", "share", "share/man", "share/man/man1", "share/man/man1/other.1"),
        List.copyOf(files(prefix)));
  }

  @Test
  void uninstall_leaves_nothing_of_a_prefix_that_install_has_made() throws Exception {
    useCopy();
    var result = run(scratch, Map.of(), checkout.resolve("install.sh"), "--uninstall", "--prefix=copy/");

    assertEquals(0, result.status, result::toString);
    assertFalse(Files.exists(prefix));
  }

  @Test
  void install_says_what_the_build_needs() throws Exception {
    var tools = tools("sh", "cat", "dirname", "id", "mktemp", "readlink", "rm");

    var result = run(scratch, Map.of("PATH", tools), checkout.resolve("install.sh"), "--prefix", prefix);

    assertEquals(1, result.status, result::toString);
    assertTrue(result.err.startsWith("install.sh: the build needs Maven"), result::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--prefxi", "--prefix", "--prefix=", "here"})
  void install_refuses_what_it_does_not_understand(String argument) throws Exception {
    var result = run(scratch, Map.of(), checkout.resolve("install.sh"), argument);

    assertEquals(2, result.status, result::toString);
    assertEquals("", result.out);
    assertTrue(result.err.startsWith("install.sh: "), result::toString);
  }

  @Test
  void a_copied_or_moved_folder_still_has_its_cache() throws Exception {
    useCopy();
    var moved = Files.move(prefix, scratch.resolve("moved"));

    assertVersion(
        version,
        build,
        run(scratch, Map.of("LOGTAP_JAVA_OPTS", "-XX:AOTMode=on"), moved.resolve("bin/logtap"), "--version"));
  }

  @Test
  void the_launcher_finds_its_folder_however_it_is_called() throws Exception {
    useCopy();
    var link = Files.createSymbolicLink(scratch.resolve("link"), launcher());
    var linkToLink = Files.createSymbolicLink(scratch.resolve("tap"), Path.of("link"));
    var linkedFolder = Files.createSymbolicLink(scratch.resolve("linked bin"), prefix.resolve("bin"));
    var linkedBin = scratch.resolve("other/bin");
    Files.createDirectories(linkedBin.getParent());
    Files.createSymbolicLink(linkedBin, Files.createDirectory(scratch.resolve("elsewhere")));
    Files.copy(launcher(), linkedBin.resolve("logtap"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createSymbolicLink(scratch.resolve("other/lib"), prefix.resolve("lib"));

    assertVersion(version, build, run(scratch, Map.of(), link, "--version"));
    assertVersion(version, build, run(scratch, Map.of(), linkToLink, "--version"));
    assertVersion(version, build, run(scratch, Map.of(), linkedFolder.resolve("logtap"), "--version"));
    assertVersion(version, build, run(scratch, Map.of(), linkedBin.resolve("logtap"), "--version"));
    assertVersion(version, build, run(prefix, Map.of(), "bin/logtap", "--version"));
    assertVersion(version, build, run(prefix.resolve("bin"), Map.of(), "./logtap", "--version"));
    assertVersion(version, build, run(prefix.resolve("bin"), Map.of(), "sh", "logtap", "--version"));
    assertVersion(
        version,
        build,
        run(scratch, Map.of("PATH", prefix.resolve("bin") + ":/usr/bin:/bin"), "env", "logtap", "--version"));
  }

  @Test
  void a_missing_library_is_one_sentence() throws Exception {
    useCopy();
    Files.move(home(), scratch.resolve("gone"));

    var result = logtap(Map.of(), "--version");

    assertEquals(1, result.status, result::toString);
    assertEquals("", result.out);
    assertTrue(result.err.matches("logtap: .*missing; install logtap again\n"), result::toString);
  }

  @Test
  void stray_java_options_are_ignored() throws Exception {
    for (var variable : JAVA_VARIABLES) {
      assertVersion(version, build, logtap(Map.of(variable, "-Xmx1 -XX:+NoSuchOption"), "--version"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+UseZGC",
        "-XX:+UseG1GC -Xlog:disable",
        "-Xmx40g",
        "-XX:-UseCompressedOops",
        "--add-opens java.base/java.lang=ALL-UNNAMED",
        "-XX:AOTCache=/nowhere",
      })
  void an_option_that_makes_the_cache_unusable_prints_nothing(String options) throws Exception {
    assertVersion(version, build, logtap(Map.of("LOGTAP_JAVA_OPTS", options), "--version"));
  }

  @Test
  void the_users_java_options_win() throws Exception {
    write(scratch.resolve("-Dlogtap.build=a file, not an option"), "");

    assertVersion(version, "*", logtap(Map.of("LOGTAP_JAVA_OPTS", " -Da=b  -Dlogtap.build=* "), "--version"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx1", "-XX:+NoSuchOption", "--no-such-option", "-XX:+UseZGC -XX:+UseG1GC"})
  void java_complains_about_wrong_options_on_stderr(String options) throws Exception {
    var result = logtap(Map.of("LOGTAP_JAVA_OPTS", options), "--version");

    assertEquals(1, result.status, result::toString);
    assertEquals("", result.out);
    assertFalse(result.err.isEmpty());
  }

  @Test
  void an_unusable_cache_is_not_spoken_of() throws Exception {
    useCopy();
    var cache = home().resolve("long.aot");
    var bytes = Files.readAllBytes(cache);

    Files.write(cache, Arrays.copyOf(bytes, bytes.length / 2));
    assertVersion(version, build, logtap(Map.of(), "--version"));
    Files.write(cache, new byte[bytes.length]);
    assertVersion(version, build, logtap(Map.of(), "--version"));
    Files.write(cache, new byte[0]);
    assertVersion(version, build, logtap(Map.of(), "--version"));
    Files.delete(cache);
    assertVersion(version, build, logtap(Map.of(), "--version"));
  }

  @Test
  void files_are_found_by_any_name_in_any_locale() throws Exception {
    var log = write(scratch.resolve("größe 日本.log"), "line\n");

    for (var locale : List.of("C", "POSIX", "en_US.ISO-8859-1", "xx_XX.UTF-8")) {
      var result = logtap(Map.of("LC_ALL", locale), "--log", "app=" + log, "tail", "app");
      assertEquals("line\n", result.out, result::toString);
    }
  }

  @Test
  void exit_codes_and_signals_pass_through() throws Exception {
    var log = write(scratch.resolve("app.log"), "first\n");

    assertEquals(2, logtap(Map.of(), "--no-such-option").status);
    assertEquals(0, logtap(Map.of(), "--log", "app=" + log, "tail", "app").status);
    for (var signal : Map.of("INT", 130, "TERM", 143).entrySet()) {
      // Whoever runs the tests in the background has SIGINT ignored, and that is inherited.
      var process =
          start("env", "--default-signal=INT", launcher(), "--log", "app=" + log, "tail", "-f", "app");
      assertEquals('f', process.getInputStream().read());
      assertTrue(process.info().command().orElseThrow().endsWith(build + "/bin/java"));
      run(scratch, Map.of(), "sh", "-c", "kill -" + signal.getKey() + " " + process.pid());
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertEquals(signal.getValue(), process.exitValue(), signal.getKey());
    }
  }

  // ---------------------------------------------------------------------------------------------------------------

  /** For a test that changes the installation: it goes on with a copy. */
  private void useCopy() throws IOException {
    prefix = scratch.resolve("copy");
    copy(installed, prefix, List.of());
  }

  private Path launcher() {
    return prefix.resolve("bin/logtap");
  }

  private Path home() {
    return prefix.resolve("lib/logtap").resolve(build);
  }

  /** Another build in {@link #prefix}, as an earlier install would have left it. */
  private Path addBuild(String name) throws IOException {
    var added = prefix.resolve("lib/logtap").resolve(name);
    copy(home(), added, List.of());
    var record = prefix.resolve("lib/logtap/installed");
    Files.writeString(record, "build " + name + "\n" + Files.readString(record));
    return added;
  }

  /** A folder with these programs and no others, to stand for PATH. */
  private String tools(String... names) throws IOException {
    var tools = Files.createDirectory(scratch.resolve("tools"));
    for (var name : Stream.concat(Stream.of("env"), Arrays.stream(names)).toList()) {
      var tool = write(tools.resolve(name), "#!/bin/sh\nexec /usr/bin/" + name + " \"$@\"\n");
      Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return tools.toString();
  }

  /** A folder with a systemctl that knows settings which Debian 12's does not. */
  private Path newerSystemd() throws IOException {
    var systemctl = write(scratch.resolve("newer-systemd/systemctl"), "#!/bin/sh\necho 'systemd 254 (254.5-1)'\n");
    Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
    return systemctl.getParent();
  }

  private Result installFrom(Path checkout, Path prefix) throws Exception {
    return run(scratch, Map.of(), checkout.resolve("install.sh"), "--prefix", prefix);
  }

  private Result logtap(Map<String, String> environment, Object... arguments) throws Exception {
    return run(scratch, environment, Stream.concat(Stream.of(launcher()), Arrays.stream(arguments)).toArray());
  }

  private Process start(Object... command) throws IOException {
    return builder(scratch, Map.of(), command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void assertVersion(String version, String build, Result result) {
    assertEquals(new Result(result.command, 0, "logtap " + version + " (" + build + ")\n", ""), result);
  }

  private record Result(List<String> command, int status, String out, String err) {}

  private static Result run(Path directory, Map<String, String> environment, Object... command) throws Exception {
    var out = Files.createTempFile(shared, "out", "");
    var err = Files.createTempFile(shared, "err", "");
    var builder = builder(directory, environment, command).redirectOutput(out.toFile()).redirectError(err.toFile());
    var process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    var result =
        new Result(
            builder.command(),
            process.waitFor(),
            new String(Files.readAllBytes(out), UTF_8),
            new String(Files.readAllBytes(err), UTF_8));
    Files.delete(out);
    Files.delete(err);
    return result;
  }

  private static ProcessBuilder builder(Path directory, Map<String, String> environment, Object... command) {
    var builder = new ProcessBuilder(Arrays.stream(command).map(Object::toString).toList());
    builder.directory(directory.toFile());
    builder.environment().keySet().removeAll(JAVA_VARIABLES);
    builder.environment().keySet().removeIf(name -> name.startsWith("LOGTAP_"));
    builder.environment().putAll(environment);
    return builder;
  }

  private static String firstGroup(String pattern, String text) {
    var matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), () -> pattern + " in: " + text);
    return matcher.group(1);
  }

  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void replace(Path file, String old, String text) throws IOException {
    var before = Files.readString(file);
    assertTrue(before.contains(old), () -> old + " in " + file);
    Files.writeString(file, before.replace(old, text));
  }

  private static TreeSet<String> files(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.map(file -> root.relativize(file).toString()).collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }
  }

  private static void copy(Path from, Path to, List<Path> without) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (without.contains(directory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            return visitFile(directory, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.copy(
                file,
                to.resolve(from.relativize(file)),
                StandardCopyOption.COPY_ATTRIBUTES,
                LinkOption.NOFOLLOW_LINKS);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
