package dev.logtap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What /proc tells of a running program, and stopping it for a while. */
final class ProcessView {
  private final Logtap program;
  private final Path proc;

  ProcessView(Logtap program) {
    this.program = program;
    this.proc = Path.of("/proc", Long.toString(program.process().pid()));
  }

  /**
   * Does something while the program is stopped: however much it is, for the program it happens between
   * two looks.
   */
  static void whileStopped(Logtap program, Runnable action) {
    ProcessView view = new ProcessView(program);
    program.signal("STOP");
    Await.until(() -> view.threadStates().allMatch("T"::equals), program::toString);
    action.run();
    program.signal("CONT");
  }

  /** User and system time in ticks, of which a second has 100. */
  long cpuTicks() {
    String[] fields = fieldsAfterName(LogFiles.read(proc.resolve("stat")));
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  /** The memory that the program has, in bytes. */
  long memory() {
    try (Stream<String> lines = Files.lines(proc.resolve("status"))) {
      String resident = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(resident.replaceAll("\\D", "")) << 10;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the program has open, as the kernel names it. */
  List<String> openFiles() {
    List<String> targets = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
      for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
        try {
          targets.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException _) {
          // Closed since it was listed.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return targets;
  }

  /**
   * The program's threads, virtual ones among them, as its JVM lists them for a diagnostic command; but not
   * the carriers of virtual threads, which come and go as the JVM sees fit, nor those that read files, which are kept for
   * some seconds.
   */
  List<String> threads() {
    try {
      Path directory = Files.createTempDirectory("threads");
      Path dump = directory.resolve("dump");
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      String pid = Long.toString(program.process().pid());
      Process command = new ProcessBuilder(jcmd, pid, "Thread.dump_to_file", dump.toString()).start();
      String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (command.waitFor() != 0) {
        throw new AssertionError(said);
      }
      List<String> threads = Files.readAllLines(dump);
      Files.delete(dump);
      Files.delete(directory);
      return threads.stream()
          .filter(line -> line.startsWith("#") && !line.contains("\"ForkJoinPool-") && !line.contains("\"read-"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the program has the file of that path open. */
  void awaitOpen(Path path) {
    Await.until(() -> openFiles().contains(path.toString()), () -> openFiles() + "\n" + program);
  }

  private Stream<String> threadStates() {
    List<String> states = new ArrayList<>();
    try (Stream<Path> threads = Files.list(proc.resolve("task"))) {
      for (Path thread : (Iterable<Path>) threads::iterator) {
        try {
          states.add(fieldsAfterName(Files.readString(thread.resolve("stat")))[0]);
        } catch (IOException _) {
          // It has ended since it was listed.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return states.stream();
  }

  /** The name is in parentheses and may hold blanks. */
  private static String[] fieldsAfterName(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
  }
}
