package dev.logtap.cli;

import dev.logtap.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's entry, and the one place where an exception becomes a sentence and an exit code. */
public final class Main {
  private Main() {}

  /** Called by the launcher on the JVM's main thread. */
  public static void main(String[] args) {
    int code = run(Shell.ofThisProcess(), args);
    if (code != ExitCode.SIGNALLED) {
      // All is written and closed. The usual way out takes several milliseconds more.
      Runtime.getRuntime().halt(code);
    }
  }

  /** Runs one command line to its end; the exit code. */
  static int run(Shell shell, String... args) {
    CommandLine line = Commands.lineFor(args);
    boolean debug = GlobalOptions.isDebug(Arrays.asList(args).contains("--debug"), shell.environment());
    try {
      ParseResult parsed = line.parseArgs(args);
      return run(shell, debug, parsed);
    } catch (ParameterException e) {
      shell.complain(sentence(e));
      return ExitCode.USAGE;
    } catch (ConfigException e) {
      shell.complain(e.getMessage());
      return ExitCode.USAGE;
    } catch (ReaderGoneException _) {
      return ExitCode.DONE;
    } catch (OutputException e) {
      return failed(shell, debug, e.getMessage(), e);
    } catch (IOException e) {
      return failed(shell, debug, "stopped: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      return failed(shell, debug, "out of memory; give it more, for example LOGTAP_JAVA_OPTS=-Xmx256m", e);
    } catch (RuntimeException | Error e) {
      return failed(shell, debug, "this is a bug in logtap: " + e + "; run it with --debug and report what it prints", e);
    }
  }

  private static int run(Shell shell, boolean debug, ParseResult parsed) throws IOException {
    ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    if (command.isUsageHelpRequested() || parsed.isUsageHelpRequested()) {
      return print(shell, HelpText.of(command.commandSpec()));
    }
    if (command.isVersionHelpRequested() || parsed.isVersionHelpRequested()) {
      return print(shell, version(shell));
    }
    if (command == parsed) {
      shell.complain("command: none was given; 'logtap --help' lists them");
      return ExitCode.USAGE;
    }
    GlobalOptions global = GlobalOptions.of(parsed, debug);
    Command named = Commands.named(command.commandSpec().name());
    return named.run(shell, named.context(shell, global, command), command);
  }

  private static int print(Shell shell, String text) throws IOException {
    shell.print(text);
    return ExitCode.DONE;
  }

  private static String version(Shell shell) throws IOException {
    return "logtap " + version() + (shell.build() == null ? "" : " (" + shell.build() + ")") + "\n";
  }

  /** The version's number. */
  static String version() throws IOException {
    try (InputStream version = Main.class.getResourceAsStream("version.txt")) {
      return new String(version.readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
  }

  private static String sentence(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String help = "'" + command + " --help' shows what there is";
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      String subject = e.getArgSpec() instanceof OptionSpec option ? option.longestName() : "usage";
      return subject + ": " + e.getMessage() + "; " + help;
    }
    String first = unmatched.getUnmatched().getFirst();
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    if (first.startsWith("-")) {
      // The value may be glued on: --outptu=json.
      String option = first.split("=", 2)[0];
      return option + ": '" + command + "' has no such option; " + Suggestion.of(option, spec.optionsMap().keySet()) + help;
    }
    return spec.parent() != null
        ? first + ": '" + command + "' takes no names; " + help
        : first + ": there is no such command; " + Suggestion.of(first, Commands.NAMES) + help;
  }

  private static int failed(Shell shell, boolean debug, String sentence, Throwable e) {
    shell.complain(sentence);
    if (debug) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(shell::complain);
    }
    return ExitCode.FAILED;
  }
}
