/**
 * The commands: what Picocli parsed becomes settings, settings become work, and whatever goes wrong
 * becomes one sentence and an exit code in {@link dev.logtap.cli.Main}.
 *
 * <p>The only package with Picocli, and the only one that knows stdout, stderr and signals. Commands run on
 * the main thread.
 */
package dev.logtap.cli;
