/**
 * What the program was told: settings from flags, environment, file and defaults, and the allowlist of
 * logs. Immutable once read, on the main thread.
 *
 * <p>Knows {@code log}'s values; the only package that knows TOML.
 */
package dev.logtap.config;
